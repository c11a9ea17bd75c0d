// What one looks at in the table of runs, as the fields of an address have it.

import { USUAL_EYES } from "./eyes";
import { allOf } from "./filter";
import { quotedText } from "./filter-text";
import { type Column, columnNamed, columnOf, columnsIn, listIn } from "./runset";

export type Direction = "up" | "down"; // which way a metric is better

export interface View {
  filter: string;
  order: string;
  columns: Column[] | undefined; // undefined: those that tell the runs apart
  stick: ReadonlySet<string>; // ids of columns that stay in sight
  widths: Record<string, number>;
  better: Record<string, Direction>; // by metric
  differ: boolean; // only columns in which the shown runs differ
  group: Column[];
  nest: "open" | "closed" | "flat"; // child runs: below their parents, or as the others
  open: ReadonlySet<string>; // parents and groups that are not as they are at first
  show: string;
  eyes: ReadonlySet<string>;
  pinned: string[];
  baseline: string | undefined;
  mine: string; // the user whose runs are shown
  failed: boolean; // whether failed and killed runs are shown
  archived: boolean;
  panes: "table" | "both" | "charts";
  split: number; // percent of the table
}

/** The fields that a person keeps for an experiment, and finds again without an address. */
export const KEPT = [
  "columns",
  "stick",
  "widths",
  "better",
  "differ",
  "nest",
  "group",
  "view",
  "split",
];
/** All fields that make a view; charts have fields of their own beside them. */
export const FIELDS = [
  ...KEPT,
  ...["filter", "order", "open", "show", "eyes", "pinned", "baseline", "mine", "failed", "stage"],
];
const USUAL_SPLIT = 56;
const UNORDERED = "attributes.experiment_id"; // the server knows no order by it

function recordIn<T>(text: string, isValue: (value: unknown) => value is T): Record<string, T> {
  try {
    const found: unknown = JSON.parse(text || "{}");
    if (typeof found !== "object" || found === null || Array.isArray(found)) return {};
    return Object.fromEntries(
      Object.entries(found).filter((entry): entry is [string, T] => isValue(entry[1])),
    );
  } catch {
    return {};
  }
}

const isWidth = (value: unknown): value is number =>
  typeof value === "number" && value >= 20 && value <= 2000;
const isDirection = (value: unknown): value is Direction => value === "up" || value === "down";
const words = (text: string) => text.split(",").filter(Boolean);

/** Return the view that fields say. */
export function viewOf(fields: URLSearchParams): View {
  const of = (name: string) => fields.get(name) ?? "";
  const panes = of("view");
  const nest = of("nest");
  const split = Number(of("split"));
  const columns = columnsIn(of("columns"));
  return {
    filter: of("filter"),
    order: of("order"),
    columns: columns.length > 0 ? columns : undefined,
    stick: new Set(listIn(of("stick"))),
    widths: recordIn(of("widths"), isWidth),
    better: recordIn(of("better"), isDirection),
    differ: of("differ") === "1",
    group: columnsIn(of("group")).filter((one) => one.kind !== "metrics"),
    nest: nest === "closed" || nest === "flat" ? nest : "open",
    open: new Set(listIn(of("open"))),
    show: of("show") || USUAL_EYES,
    eyes: new Set(words(of("eyes"))),
    pinned: words(of("pinned")),
    baseline: of("baseline") || undefined,
    mine: of("mine"),
    failed: of("failed") !== "hide",
    archived: of("stage") === "archived",
    panes: panes === "table" || panes === "charts" ? panes : "both",
    split: split >= 15 && split <= 85 ? split : USUAL_SPLIT,
  };
}

/** Return the fields that say a part of a view; what is usual is left empty. */
export function fieldsOf(part: Partial<View>): Record<string, string> {
  const made: Record<string, string> = {};
  const list = (all: Iterable<string>) => {
    const found = [...all];
    return found.length > 0 ? JSON.stringify(found) : "";
  };
  const record = (all: object) => (Object.keys(all).length > 0 ? JSON.stringify(all) : "");
  const put = <K extends keyof View>(key: K, name: string, write: (value: View[K]) => string) => {
    if (key in part) made[name] = write(part[key] as View[K]);
  };
  const same = (value: string) => value;
  put("filter", "filter", same);
  put("order", "order", same);
  put("columns", "columns", (value) => list((value ?? []).map((one) => one.id)));
  put("stick", "stick", list);
  put("widths", "widths", record);
  put("better", "better", record);
  put("differ", "differ", (value) => (value ? "1" : ""));
  put("group", "group", (value) => list(value.map((one) => one.id)));
  put("nest", "nest", (value) => (value === "open" ? "" : value));
  put("open", "open", list);
  put("show", "show", (value) => (value === USUAL_EYES ? "" : value));
  put("eyes", "eyes", (value) => [...value].join(","));
  put("pinned", "pinned", (value) => value.join(","));
  put("baseline", "baseline", (value) => value ?? "");
  put("mine", "mine", same);
  put("failed", "failed", (value) => (value ? "" : "hide"));
  put("archived", "stage", (value) => (value ? "archived" : ""));
  put("panes", "view", (value) => (value === "both" ? "" : value));
  put("split", "split", (value) => (value === USUAL_SPLIT ? "" : String(value)));
  return made;
}

/** Return the filter of a view with what its switches add. */
export function wholeFilter({ filter, mine, failed }: View): string {
  return allOf([
    filter,
    mine ? `attributes.user_id = ${quotedText(mine)}` : "",
    failed ? "" : "attributes.status NOT IN ('FAILED', 'KILLED')",
  ]);
}

/** Return the columns of a view: those that were chosen, or those that tell runs apart. */
export function columnsOfView(
  { columns }: View,
  telling: Column[],
  isSeveral: boolean, // experiments: then a run says of which it is
): Column[] {
  return (
    columns ?? [
      ...(isSeveral ? [columnOf("attributes", "experiment_id")] : []),
      columnOf("attributes", "start_time"),
      ...telling,
      columnOf("attributes", "duration"),
    ]
  );
}

/** Return columns with those that stay in sight first. */
export function stuckFirst(columns: Column[], stick: ReadonlySet<string>): Column[] {
  return [
    ...columns.filter((one) => stick.has(one.id)),
    ...columns.filter((one) => !stick.has(one.id)),
  ];
}

/** Return columns with one of them moved before another, or by a number of places. */
export function movedColumn(columns: Column[], id: string, to: string | number): Column[] {
  const from = columns.findIndex((one) => one.id === id);
  const column = columns[from];
  if (!column) return columns;
  const rest = columns.filter((one) => one !== column);
  const target = typeof to === "number" ? from + to : columns.findIndex((one) => one.id === to);
  const place = Math.min(rest.length, Math.max(0, target));
  return [...rest.slice(0, place), column, ...rest.slice(place)];
}

/** Return columns with one in another's place. */
export function replacedColumn(columns: Column[], id: string, by: Column): Column[] {
  const next = columns.map((one) => (one.id === id ? by : one));
  return next.filter((one, at) => next.findIndex((other) => other.id === one.id) === at);
}

/** Return whether an order may name a column. */
export function isSortable(id: string): boolean {
  return id !== UNORDERED && columnNamed(id) !== undefined;
}
