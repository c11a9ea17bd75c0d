// What columns are called, where there is little room and where there is enough.
import type { Column } from "./runset";

const LONG = 13; // letters of a key
const NAMES: Record<string, string> = {
  start_time: "Started",
  end_time: "Ended",
  duration: "Duration",
  user_id: "User",
  run_id: "Run id",
  experiment_id: "Experiment",
  status: "Status",
};
/** Return what columns are called in their headers, by their ids: the ends of long keys, where they differ. */
export function labelsOf(columns: Column[]): Map<string, string> {
  return new Map(
    columns.map((column) => {
      const { id, kind, key, extreme } = column;
      const others = columns.filter((one) => one.kind === kind && one.key !== key);
      const text = kind === "attributes" ? (NAMES[key] ?? key) : tail(key, others);
      return [id, extreme ? `${extreme} ${text}` : text];
    }),
  );
}

/** Return the end of a long key, as much of it as no other key ends in. */
function tail(key: string, others: Column[]): string {
  if (key.length <= LONG || !key.includes("/")) return key;
  const parts = key.split("/");
  for (let count = 1; count < parts.length; count += 1) {
    const end = `/${parts.slice(-count).join("/")}`;
    if (!others.some((one) => one.key.endsWith(end))) return `…${end}`;
  }
  return key;
}

/** Return what a column is called where there is room. */
export function titleOf(column: Column): string {
  const { kind, key, extreme } = column;
  if (kind === "attributes") return NAMES[key] ?? key;
  return extreme ? `${extreme} of ${key}` : key;
}
