// What the server says of a table of runs, as rows: made, filled with columns, renewed.
import { number } from "./format";
import { type Column, columnNamed, type News, type Row, valueIn } from "./runset";

interface TableRow {
  run_id?: string;
  experiment_id?: string;
  run_name?: string;
  status?: string | number;
  lifecycle_stage?: string;
  start_time?: number;
  end_time?: number;
  user_id?: string;
  parent_run_id?: string;
  color?: string;
}

interface TableColumn {
  id?: string;
  numbers?: (number | string | null)[];
  texts?: (string | null)[];
}

export interface TablePage {
  total?: number;
  rows?: TableRow[];
  columns?: TableColumn[];
  next_page_token?: string;
}

// Ten thousand rows share what most of them do not have.
const NO_CURVES = new Set<string>();
const NO_TAGS = new Map<string, string>();

/** Return the rows of a page with the values of its columns. */
export function rowsOfPage(page: TablePage): Row[] {
  const rows = (page.rows ?? []).map(
    (one): Row => ({
      id: one.run_id ?? "",
      experimentId: one.experiment_id ?? "",
      name: one.run_name || (one.run_id ?? ""),
      status: String(one.status ?? ""),
      start: one.start_time,
      end: one.end_time || undefined,
      user: one.user_id ?? "",
      metrics: new Map(),
      curves: NO_CURVES,
      params: new Map(),
      tags: NO_TAGS,
      ...(one.parent_run_id ? { parent: one.parent_run_id } : {}),
      ...(one.color ? { color: one.color } : {}),
      isArchived: one.lifecycle_stage === "deleted",
    }),
  );
  for (const column of page.columns ?? []) fill(rows, column);
  return rows;
}

function fill(rows: (Row | undefined)[], given: TableColumn): void {
  const column = columnNamed(given.id ?? "");
  if (!column) return;
  for (const [at, value] of (given.numbers ?? given.texts ?? []).entries()) {
    const row = rows[at];
    if (row && value !== null && value !== undefined) put(row, column, value);
  }
}

function put(row: Row, { id, kind, key, extreme }: Column, value: string | number): void {
  if (kind === "attributes") return;
  if (extreme) {
    row.extremes ??= new Map();
    row.extremes.set(id, number(value));
  } else if (kind === "metrics") row.metrics.set(key, number(value));
  else {
    if (row.tags === NO_TAGS) row.tags = new Map();
    row[kind].set(key, String(value));
  }
}

/** Fill rows that are there with the columns of a page; returns them as new rows. */
export function withColumns(rows: Row[], page: TablePage): Row[] {
  const made = rows.map((row) => ({ ...row }));
  const byId = new Map(made.map((row) => [row.id, row]));
  const those = (page.rows ?? []).map((one) => byId.get(one.run_id ?? ""));
  for (const column of page.columns ?? []) fill(those, column);
  return made;
}

/** Return the columns that a page has. */
export function columnsOfPage(page: TablePage): Column[] {
  return (page.columns ?? []).flatMap((one) => columnNamed(one.id ?? "") ?? []);
}

/** Return a row as it is now, with what changed since it was looked at; the old one if nothing did. */
function renewed(before: Row, after: Row, columns: Column[], now: number): Row {
  const changed = columns.filter(
    (column) => !Object.is(valueIn(before, column), valueIn(after, column)),
  );
  const same =
    changed.length === 0 &&
    (["name", "status", "end", "parent", "color", "isArchived"] as const).every(
      (name) => before[name] === after[name],
    );
  if (same) return before;
  const ids = new Set(changed.map((column) => column.id));
  if (before.status !== after.status) ids.add("attributes.status");
  const news: News = { at: now, isNew: false, columns: ids };
  return { ...after, news };
}

export interface Told {
  rows: Row[];
  arrived: Row[]; // that were not there before
}

/** Return rows after some runs changed: those answered are renewed, those not answered are gone. */
export function retold(
  rows: Row[],
  asked: ReadonlySet<string>,
  answered: Row[],
  columns: Column[],
  now: number,
): Told {
  const found = new Map(answered.map((row) => [row.id, row]));
  const next: Row[] = [];
  let moved = false;
  for (const row of rows) {
    const after = found.get(row.id);
    found.delete(row.id);
    if (!asked.has(row.id)) next.push(row);
    else if (after) {
      const made = renewed(row, after, columns, now);
      if (made !== row) moved = true;
      next.push(made);
    } else moved = true;
  }
  const arrived = [...found.values()].map(
    (row): Row => ({ ...row, news: { at: now, isNew: true, columns: new Set() } }),
  );
  return { rows: moved ? next : rows, arrived };
}
