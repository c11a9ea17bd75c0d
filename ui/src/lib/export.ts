// A table as text to take along: CSV and Markdown.
import { type Column, type Row, valueIn } from "./runset";

export interface Sheet {
  names: string[];
  columns: (string | number | undefined)[][]; // by column
}

const FACTS: [name: string, of: (row: Row) => string | number | undefined][] = [
  ["run_id", (row) => row.id],
  ["run_name", (row) => row.name],
  ["status", (row) => row.status],
  ["start_time", (row) => row.start],
  ["end_time", (row) => row.end],
];

/** Return rows as columns: what every run has, then those that are shown. */
export function sheetOf(rows: Row[], columns: Column[]): Sheet {
  const others = columns.filter(
    ({ kind, key }) => kind !== "attributes" || !FACTS.some(([name]) => name === key),
  );
  return {
    names: [
      ...FACTS.map(([name]) => name),
      ...others.map((one) => (one.kind === "attributes" ? one.key : one.id)),
    ],
    columns: [
      ...FACTS.map(([, of]) => rows.map(of)),
      ...others.map((column) => rows.map((row) => valueIn(row, column))),
    ],
  };
}

function* lines({ columns }: Sheet): Generator<(string | number | undefined)[]> {
  const length = columns[0]?.length ?? 0;
  for (let at = 0; at < length; at += 1) yield columns.map((column) => column[at]);
}

function csvField(value: string | number | undefined): string {
  if (value === undefined) return "";
  const text = String(value);
  // A spreadsheet takes what begins so for a formula; an apostrophe before it keeps it a text.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Return a sheet as CSV (RFC 4180). */
export function csvOf(sheet: Sheet): string {
  const rows = [sheet.names, ...lines(sheet)];
  return `${rows.map((row) => row.map(csvField).join(",")).join("\r\n")}\r\n`;
}

/** Return a sheet as a table of Markdown. */
export function markdownOf(sheet: Sheet): string {
  const field = (value: string | number | undefined) =>
    String(value ?? "")
      .replaceAll(/[\\|]/g, (sign) => `\\${sign}`)
      .replaceAll(/\r?\n/g, " ");
  const line = (fields: (string | number | undefined)[]) => `| ${fields.map(field).join(" | ")} |`;
  const rule = sheet.columns.map((column) =>
    column.some((value) => typeof value === "number") ? "---:" : "---",
  );
  return `${[line(sheet.names), `| ${rule.join(" | ")} |`, ...[...lines(sheet)].map(line)].join("\n")}\n`;
}
