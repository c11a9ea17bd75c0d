// A tree of files as rows: what is open, in order.
import type { FileInfo } from "../api/wire";
import { byName } from "./by-name";

export interface Branch {
  path: string;
  level: number; // from 1
  isFolder: boolean;
  isOpen: boolean;
  size: number;
  place: number; // among its neighbours, from 1
  among: number;
}

/** Return the folders that a path lies in, the outermost first. */
export function foldersAbove(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** Return files in the order of a list: folders first, both by name with numbers in their order. */
export function inOrder(files: FileInfo[]): FileInfo[] {
  return [...files].sort(
    (a, b) =>
      Number(b.is_dir ?? false) - Number(a.is_dir ?? false) || byName(a.path ?? "", b.path ?? ""),
  );
}

/** Return the rows of a tree. */
export function branchesOf(lists: Map<string, FileInfo[] | undefined>): Branch[] {
  const rows: Branch[] = [];
  const walk = (folder: string, level: number) => {
    const files = inOrder(lists.get(folder) ?? []);
    for (const [at, file] of files.entries()) {
      const path = file.path ?? "";
      const isFolder = file.is_dir ?? false;
      const isOpen = isFolder && path !== folder && lists.has(path);
      const size = Number(file.file_size ?? 0);
      rows.push({ path, level, isFolder, isOpen, size, place: at + 1, among: files.length });
      if (isOpen) walk(path, level + 1);
    }
  };
  walk("", 1);
  return rows;
}

/** Return the files of folders, each once, from the lists of several runs. */
export function joinedLists(
  lists: [folder: string, files: FileInfo[] | undefined][],
): Map<string, FileInfo[] | undefined> {
  const joined = new Map<string, Map<string, FileInfo>>();
  for (const [folder, files] of lists) {
    const known = joined.get(folder) ?? new Map<string, FileInfo>();
    for (const file of files ?? []) {
      const path = file.path ?? "";
      if (!known.has(path)) known.set(path, file);
    }
    joined.set(folder, known);
  }
  return new Map([...joined].map(([folder, files]) => [folder, [...files.values()]]));
}

type Act = { kind: "go"; to: number } | { kind: "toggle" } | { kind: "press" };

/** Return what a key does at a row of a tree; undefined where it does nothing. */
export function actOf(key: string, branches: Branch[], at: number): Act | undefined {
  const branch = branches[at];
  if (!branch) return undefined;
  switch (key) {
    case "ArrowDown":
    case "j":
      return { kind: "go", to: at + 1 };
    case "ArrowUp":
    case "k":
      return { kind: "go", to: at - 1 };
    case "Home":
      return { kind: "go", to: 0 };
    case "End":
      return { kind: "go", to: branches.length - 1 };
    case "ArrowRight":
      return branch.isFolder && !branch.isOpen ? { kind: "toggle" } : { kind: "go", to: at + 1 };
    case "ArrowLeft": {
      if (branch.isOpen) return { kind: "toggle" };
      const above = foldersAbove(branch.path).at(-1);
      const to = branches.findIndex((one) => one.path === above);
      return to < 0 ? undefined : { kind: "go", to };
    }
    case "Enter":
    case " ":
      return { kind: "press" };
    default:
      return undefined;
  }
}
