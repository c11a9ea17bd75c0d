// Tables in JSON: as MLflow logs them, as pandas splits them, or as a list of records.

export interface Table {
  head: string[];
  rows: unknown[][];
}

/** Return the table in a value; undefined where it is none. */
export function tableOf(value: unknown): Table | undefined {
  if (Array.isArray(value)) return ofRecords(value);
  if (typeof value !== "object" || value === null) return undefined;
  const { columns, data } = value as { columns?: unknown; data?: unknown };
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every(Array.isArray)) {
    return undefined;
  }
  return { head: columns.map(String), rows: data };
}

function ofRecords(records: unknown[]): Table | undefined {
  if (records.length === 0) return undefined;
  const head = new Map<string, number>();
  for (const record of records) {
    if (typeof record !== "object" || record === null || Array.isArray(record)) return undefined;
    for (const key of Object.keys(record)) if (!head.has(key)) head.set(key, head.size);
  }
  const rows = records.map((record) => {
    const row: unknown[] = new Array(head.size).fill(undefined);
    for (const [key, one] of Object.entries(record as object)) row[head.get(key) ?? 0] = one;
    return row;
  });
  return { head: [...head.keys()], rows };
}

/** Return the paths of the tables that a run says it logged. */
export function loggedTables(tag: string): string[] {
  let found: unknown;
  try {
    found = JSON.parse(tag);
  } catch {
    return [];
  }
  if (!Array.isArray(found)) return [];
  const paths = found.flatMap((one: unknown) => {
    const { path, type } = (one ?? {}) as { path?: unknown; type?: unknown };
    return typeof path === "string" && type === "table" ? [path] : [];
  });
  return [...new Set(paths)];
}
