// Logged models as rows: their metrics by dataset, and which columns say something.
import type { LoggedModel, ModelOrder } from "../api/wire";
import { number } from "./format";
import { columnOf } from "./runset";

/** A column: a metric on a dataset, or a param. */
export interface ModelColumn {
  id: string;
  kind: "metrics" | "params";
  key: string;
  dataset: string; // of a metric; empty where it was measured on none
  digest: string;
}

export interface ModelRow {
  model: LoggedModel;
  id: string;
  values: Map<string, string | number>; // by id of a column
}

function metricColumn(key: string, dataset = "", digest = ""): ModelColumn {
  return {
    id: JSON.stringify(["metrics", key, dataset, digest]),
    kind: "metrics",
    key,
    dataset,
    digest,
  };
}

function paramColumn(key: string): ModelColumn {
  return { id: JSON.stringify(["params", key]), kind: "params", key, dataset: "", digest: "" };
}

/** Return the column of an id, undefined where it is none. */
export function modelColumn(id: string): ModelColumn | undefined {
  try {
    const [kind, key, dataset, digest]: unknown[] = JSON.parse(id);
    if (typeof key !== "string") return undefined;
    if (kind === "params") return paramColumn(key);
    return kind === "metrics"
      ? metricColumn(key, String(dataset ?? ""), String(digest ?? ""))
      : undefined;
  } catch {
    return undefined;
  }
}

/** Return logged models as rows, and all columns that any of them has a value in. */
export function rowsOf(models: LoggedModel[]): { rows: ModelRow[]; columns: ModelColumn[] } {
  const columns = new Map<string, ModelColumn>();
  const rows = models.map((model) => {
    const values = new Map<string, string | number>();
    for (const one of model.data?.metrics ?? []) {
      const column = metricColumn(one.key ?? "", one.dataset_name ?? "", one.dataset_digest ?? "");
      columns.set(column.id, column);
      values.set(column.id, number(one.value));
    }
    for (const one of model.data?.params ?? []) {
      const column = paramColumn(one.key ?? "");
      columns.set(column.id, column);
      values.set(column.id, one.value ?? "");
    }
    return { model, id: model.info?.model_id ?? "", values };
  });
  const all = [...columns.values()].sort(
    (a, b) =>
      a.kind.localeCompare(b.kind) ||
      a.dataset.localeCompare(b.dataset) ||
      a.key.localeCompare(b.key, "en", { numeric: true }),
  );
  return { rows, columns: all };
}

/** Return the columns that say most: metrics that most models have, and params in which they differ. */
export function telling(rows: ModelRow[], columns: ModelColumn[], most = 5): ModelColumn[] {
  const having = (one: ModelColumn) => rows.filter((row) => row.values.has(one.id)).length;
  const kinds = (one: ModelColumn) =>
    new Set(rows.map((row) => String(row.values.get(one.id)))).size;
  const metrics = columns
    .filter((one) => one.kind === "metrics")
    .map((one) => ({ one, having: having(one) }))
    .sort((a, b) => b.having - a.having)
    .slice(0, most)
    .map(({ one }) => one);
  const params = columns.filter((one) => one.kind === "params" && kinds(one) > 1).slice(0, most);
  return columns.filter((one) => metrics.includes(one) || params.includes(one));
}

const ATTRIBUTES: Record<string, string> = { name: "name", created: "creation_timestamp" };

/** Return what the server is asked for so that models come in an order, as an address holds it. */
export function modelOrder(text: string): ModelOrder | undefined {
  const at = text.lastIndexOf(" ");
  const id = text.slice(0, at);
  const ascending = text.slice(at + 1) === "ASC";
  const attribute = ATTRIBUTES[id];
  if (attribute) return { field_name: attribute, ascending };
  const column = modelColumn(id);
  if (column?.kind !== "metrics") return undefined;
  return {
    field_name: columnOf("metrics", column.key).id,
    ascending,
    ...(column.dataset ? { dataset_name: column.dataset, dataset_digest: column.digest } : {}),
  };
}
