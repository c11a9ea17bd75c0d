// Several runs side by side: a line for each key, and what differs.
import { byName } from "./by-name";
import type { Environment } from "./environment";
import { commandLine } from "./environment";
import { duration, significant } from "./format";
import type { Row } from "./runset";

export interface Line {
  kind: string; // the title that it stands under
  key: string;
  values: (string | number | undefined)[];
  differs: boolean;
}

const KINDS = [
  ["Metrics", "metrics"],
  ["Params", "params"],
  ["Tags", "tags"],
] as const;

function lineOf(kind: string, key: string, values: Line["values"]): Line {
  return { kind, key, values, differs: new Set(values.map(String)).size > 1 };
}

/** Return a line for each key of the rows, by kind and name; tags of the system are left out. */
export function linesOfRuns(rows: Row[]): Line[] {
  const lines: Line[] = [];
  for (const [title, kind] of KINDS) {
    const keys = new Set(rows.flatMap((row) => [...row[kind].keys()]));
    for (const key of [...keys].sort(byName)) {
      if (kind === "tags" && key.startsWith("mlflow.")) continue;
      const values = rows.map((row) => row[kind].get(key));
      lines.push(lineOf(title, key, values));
    }
  }
  return lines;
}

/** Return lines for what runs are beside their values: how they went, when, and by whom. */
export function linesOfCourse(rows: Row[]): Line[] {
  const line = (key: string, of: (row: Row) => string | undefined) =>
    lineOf("Run", key, rows.map(of));
  return [
    line("status", (row) => row.status),
    line("started", ({ start }) =>
      start === undefined ? undefined : new Date(start).toISOString().replace(/\.\d+Z$/, "Z"),
    ),
    line("took", ({ start, end }) => (start && end ? duration(end - start) : undefined)),
    line("user", (row) => row.user || undefined),
  ];
}

/** Return lines for where runs came from. */
export function linesOfCode(rows: Row[], found: (Environment | undefined)[]): Line[] {
  const line = (key: string, of: (row: Row, one: Environment | undefined) => string | undefined) =>
    lineOf(
      "Code and environment",
      key,
      rows.map((row, at) => of(row, found[at]) || undefined),
    );
  const tag = (row: Row, name: string) => row.tags.get(`mlflow.source.${name}`);
  return [
    line("source", (row) => tag(row, "name")),
    line("command", (_, one) => one && commandLine(one.command)),
    line("commit", (row, one) => one?.git?.commit || tag(row, "git.commit")),
    line("branch", (row, one) => one?.git?.branch || tag(row, "git.branch")),
    line("uncommitted changes", (_, one) => one?.git && (one.git.dirty ? "yes" : "no")),
    line("python", (_, one) => one?.python),
    line("platform", (_, one) => one?.platform),
  ].filter((one) => one.values.some((value) => value !== undefined));
}

/** Return a line for each package of the environments. */
export function linesOfPackages(found: (Environment | undefined)[]): Line[] {
  const versions = found.map((one) => one && new Map(one.packages));
  const names = new Set(versions.flatMap((one) => [...(one?.keys() ?? [])]));
  return [...names].sort(byName).map((name) =>
    lineOf(
      "Packages",
      name,
      versions.map((one) => one?.get(name)),
    ),
  );
}

/** Return the lines that a search finds, of those that differ or of all. */
export function foundLines(lines: Line[], find: string, all: boolean): Line[] {
  const wanted = find.trim().toLowerCase();
  const has = (text: unknown) => String(text).toLowerCase().includes(wanted);
  return lines.filter(
    (line) =>
      (all || line.differs) &&
      (wanted === "" ||
        has(line.key) ||
        line.values.some((value) => value !== undefined && has(value))),
  );
}

/** Return how far a value is from the baseline's, signed, and in percent where that says something. */
export function delta(
  value: string | number | undefined,
  base: string | number | undefined,
  digits = 4,
): string {
  if (typeof value !== "number" || typeof base !== "number") return "";
  const change = value - base;
  if (!Number.isFinite(change) || change === 0) return "";
  const sign = change > 0 ? "+" : "";
  const percent =
    base === 0
      ? ""
      : ` (${sign}${significant((change / Math.abs(base)) * 100, Math.min(digits, 3))} %)`;
  return `${sign}${significant(change, digits)}${percent}`;
}

/** Return whether a value is better or worse than the baseline's; "" where nobody said which way. */
export function verdict(
  value: string | number | undefined,
  base: string | number | undefined,
  direction: string | undefined,
): "" | "good" | "bad" {
  if (typeof value !== "number" || typeof base !== "number" || !direction) return "";
  const change = direction === "up" ? value - base : base - value;
  return change > 0 ? "good" : change < 0 ? "bad" : "";
}

/** Return lines as a table of Markdown. */
export function markdownOf(lines: Line[], names: string[]): string {
  const cell = (value: unknown) =>
    value === undefined ? "" : String(value).replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
  const row = (cells: unknown[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [
    row(["", ...names]),
    row(["---", ...names.map(() => "---")]),
    ...lines.map((line) => row([line.key, ...line.values])),
  ].join("\n");
}
