// Names with slashes as folders: what several names share becomes one that opens and closes.

export interface Folder {
  kind: "folder";
  path: string;
  name: string; // the part that its folder does not say
  depth: number;
  ids: string[]; // of all that is in it
  isClosed: boolean;
}

export interface Leaf<T> {
  kind: "leaf";
  one: T;
  name: string;
  depth: number;
}

interface Node<T> {
  path: string;
  name: string;
  items: (Node<T> | Leaf<T>)[];
  folders: Map<string, Node<T>>;
  ids: string[];
}

/** Return the parts of a name; a slash at an end, or next to another, divides nothing. */
export function partsOf(name: string): string[] {
  return name.split(/(?<=[^/])\/(?=[^/])/);
}

/** Return the rows of a list in its order: folders at the place of the first that is in them. */
export function foldered<T>(
  list: readonly T[],
  of: { name: (one: T) => string; id: (one: T) => string },
  closed: ReadonlySet<string>,
): (Folder | Leaf<T>)[] {
  const top: Node<T> = { path: "", name: "", items: [], folders: new Map(), ids: [] };
  for (const one of list) {
    const parts = partsOf(of.name(one));
    const name = parts.pop() ?? "";
    let node = top;
    for (const part of parts) {
      let next = node.folders.get(part);
      if (!next) {
        const path = node === top ? part : `${node.path}/${part}`;
        next = { path, name: part, items: [], folders: new Map(), ids: [] };
        node.folders.set(part, next);
        node.items.push(next);
      }
      next.ids.push(of.id(one));
      node = next;
    }
    node.items.push({ kind: "leaf", one, name, depth: 0 });
  }
  const rows: (Folder | Leaf<T>)[] = [];
  for (const item of top.items) put(item, 0, "", closed, rows);
  return rows;
}

function put<T>(
  item: Node<T> | Leaf<T>,
  depth: number,
  before: string, // the name of folders that are not shown, as there is nothing else in them
  closed: ReadonlySet<string>,
  rows: (Folder | Leaf<T>)[],
): void {
  if ("kind" in item) {
    rows.push({ ...item, name: before + item.name, depth });
    return;
  }
  const name = before + item.name;
  const [only] = item.items;
  if (item.items.length === 1 && only) {
    put(only, depth, `${name}/`, closed, rows);
    return;
  }
  const isClosed = closed.has(item.path);
  rows.push({ kind: "folder", path: item.path, name, depth, ids: item.ids, isClosed });
  if (isClosed) return;
  for (const one of item.items) put(one, depth + 1, "", closed, rows);
}
