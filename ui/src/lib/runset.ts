// A set of runs as a table reads it: values by column, and which columns say something.

import type { Run } from "../api/wire";
import { byName } from "./by-name";
import { COLOR_TAG } from "./colors";
import { quotedKey } from "./filter-text";
import { number } from "./format";

export type Kind = "metrics" | "params" | "tags" | "attributes";

export type Extreme = "min" | "max";

export interface Column {
  id: string; // as an order names it: metrics.loss; with min: or max: before it for an extreme
  kind: Kind;
  key: string;
  extreme?: Extreme; // of all that was logged, in place of the latest
}

export interface Row {
  id: string;
  experimentId: string;
  name: string;
  status: string;
  start: number | undefined;
  end: number | undefined;
  user: string;
  metrics: Map<string, number>;
  curves: Set<string>; // metrics with more than a first step
  params: Map<string, string>;
  tags: Map<string, string>;
  extremes?: Map<string, number>; // by the id of the column
  parent?: string;
  color?: string; // that somebody chose
  isArchived?: boolean;
  news?: News; // what changed a moment ago
}

export interface News {
  at: number;
  isNew: boolean;
  columns: Set<string>;
}

/** Return a run as a row. */
export function rowOf(run: Run): Row {
  const { info = {}, data = {} } = run;
  const tags = new Map((data.tags ?? []).map((one) => [one.key ?? "", one.value ?? ""]));
  const color = tags.get(COLOR_TAG);
  return {
    id: info.run_id ?? "",
    experimentId: info.experiment_id ?? "",
    name: info.run_name || (info.run_id ?? ""),
    status: info.status ?? "",
    start: info.start_time,
    end: info.end_time,
    user: info.user_id ?? "",
    metrics: new Map((data.metrics ?? []).map((one) => [one.key ?? "", number(one.value)])),
    curves: new Set((data.metrics ?? []).filter((one) => one.step).map((one) => one.key ?? "")),
    params: new Map((data.params ?? []).map((one) => [one.key ?? "", one.value ?? ""])),
    tags,
    ...(color ? { color } : {}),
    isArchived: info.lifecycle_stage === "deleted",
  };
}

/** Return the column of a key; a key that is no word is quoted as the query language does. */
export function columnOf(kind: Kind, key: string, extreme?: Extreme): Column {
  const id = `${kind}.${quotedKey(key)}`;
  return extreme ? { id: `${extreme}:${id}`, kind, key, extreme } : { id, kind, key };
}

/** Return the column that an id names, if it names one. */
export function columnNamed(id: string): Column | undefined {
  const parts =
    /^(?:(min|max):(?=metrics))?(metrics|params|tags|attributes)\.(?:`(.*)`|(.*))$/s.exec(id);
  if (!parts) return undefined;
  const key = parts[3]?.replaceAll("``", "`") ?? parts[4] ?? "";
  return columnOf(parts[2] as Kind, key, parts[1] as Extreme | undefined);
}

/** Return the texts in a JSON list of an address. */
export function listIn(text: string): string[] {
  try {
    const found: unknown = JSON.parse(text || "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** Return the columns that an address names, as a JSON list of their ids. */
export function columnsIn(text: string): Column[] {
  return [...new Set(listIn(text))].flatMap((id) => columnNamed(id) ?? []);
}

/** Return a row's value in a column. */
export function valueIn(row: Row, column: Column): string | number | undefined {
  if (column.kind === "attributes") {
    if (column.key === "start_time") return row.start;
    if (column.key === "duration") {
      return row.start !== undefined && row.end !== undefined ? row.end - row.start : undefined;
    }
    if (column.key === "end_time") return row.end;
    if (column.key === "experiment_id") return row.experimentId;
    if (column.key === "user_id") return row.user;
    if (column.key === "status") return row.status;
    return column.key === "run_id" ? row.id : undefined;
  }
  if (column.extreme) return row.extremes?.get(column.id);
  return row[column.kind].get(column.key);
}

function differing<T>(rows: Row[], of: (row: Row) => Map<string, T>): Map<string, number> {
  const seen = new Map<string, Set<T>>();
  const having = new Map<string, number>();
  for (const row of rows) {
    for (const [key, value] of of(row)) {
      let values = seen.get(key);
      if (!values) {
        values = new Set();
        seen.set(key, values);
      }
      values.add(value);
      having.set(key, (having.get(key) ?? 0) + 1);
    }
  }
  const found = new Map<string, number>();
  for (const [key, values] of seen) {
    // A key that only some runs have tells them apart too.
    const kinds = values.size + (having.get(key) === rows.length ? 0 : 1);
    if (kinds > 1) found.set(key, kinds);
  }
  return found;
}

function ranked(
  found: Map<string, number>,
  having: (key: string) => number,
  curves: Set<string>,
): string[] {
  const isCurve = (key: string) => (curves.has(key) ? 1 : 0);
  return [...found.keys()].sort(
    (a, b) =>
      isCurve(b) - isCurve(a) ||
      having(b) - having(a) ||
      (found.get(b) ?? 0) - (found.get(a) ?? 0) ||
      a.localeCompare(b, "en"),
  );
}

/** Return the columns in which rows differ most: metrics, then params; for one row all of its. */
export function tellingColumns(rows: Row[], metrics: number, params: number): Column[] {
  const take = <T>(kind: "metrics" | "params", of: (row: Row) => Map<string, T>, most: number) => {
    const share = (key: string) => rows.reduce((sum, row) => sum + (of(row).has(key) ? 1 : 0), 0);
    const first = rows[0];
    const curves = kind === "metrics" ? curvesOf(rows) : new Set<string>();
    const keys =
      rows.length === 1 && first
        ? [...of(first).keys()]
        : ranked(differing(rows, of), share, curves);
    return keys.slice(0, most).map((key) => columnOf(kind, key));
  };
  return [
    ...take("metrics", (row) => row.metrics, metrics),
    ...take("params", (row) => row.params, params),
  ];
}

/** Return the metrics that are curves in a row at least. */
function curvesOf(rows: Row[]): Set<string> {
  return new Set(rows.flatMap((row) => [...row.curves]));
}

/** Return all metric keys of rows: curves first, then by name. */
export function metricKeys(rows: Row[]): string[] {
  const keys = new Set(rows.flatMap((row) => [...row.metrics.keys()]));
  const curves = curvesOf(rows);
  const isCurve = (key: string) => (curves.has(key) ? 1 : 0);
  return [...keys].sort((a, b) => isCurve(b) - isCurve(a) || byName(a, b));
}

/** Return all param keys of rows by name. */
export function paramKeys(rows: Row[]): string[] {
  const keys = new Set(rows.flatMap((row) => [...row.params.keys()]));
  return [...keys].sort((a, b) => byName(a, b));
}

/** Return the columns in which rows do not all say the same. */
export function differingColumns(columns: Column[], rows: Row[]): Column[] {
  const [first] = rows;
  if (rows.length < 2 || !first) return columns;
  return columns.filter((column) => {
    const value = valueIn(first, column);
    return rows.some((row) => !Object.is(valueIn(row, column), value));
  });
}
