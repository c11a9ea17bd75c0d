// The charts that are not of a metric over an axis: their names and what they are made of.
import type { Extra } from "../../lib/layout";

interface Kind {
  title: string;
  fields: { label: string; takes: "any" | "metric" | "param"; isOptional?: boolean }[];
  isOpen?: boolean; // whether it takes any number of fields
}

export const KINDS: Record<string, Kind> = {
  parallel: { title: "Parallel coordinates", fields: [], isOpen: true },
  scatter: {
    title: "Scatter",
    fields: [
      { label: "x", takes: "any" },
      { label: "y", takes: "any" },
      { label: "Colour", takes: "any", isOptional: true },
    ],
  },
  contour: {
    title: "Contour",
    fields: [
      { label: "x", takes: "any" },
      { label: "y", takes: "any" },
      { label: "Value", takes: "metric" },
    ],
  },
  importance: { title: "Param importance", fields: [{ label: "Metric", takes: "metric" }] },
  bar: { title: "Bars", fields: [{ label: "Metric", takes: "metric" }] },
  box: {
    title: "Box plot",
    fields: [
      { label: "Group by", takes: "param" },
      { label: "Metric", takes: "metric" },
    ],
  },
};

const SOME_PARAMS = 4; // of parallel coordinates at first

/** Return a new chart with the first fields that fit. */
export function newExtra(kind: string, metrics: string[], params: string[]): Extra {
  const [metric, param, other] = [metrics[0] ?? "", params[0], params[1]];
  const fields =
    kind === "parallel"
      ? [...params.slice(0, SOME_PARAMS), metric]
      : (KINDS[kind]?.fields ?? [])
          .filter((one) => !one.isOptional)
          .map((one, at) =>
            one.takes === "metric" || (at === 1 && kind === "scatter")
              ? metric
              : ((at === 0 ? param : other) ?? metric),
          );
  return { id: Math.random().toString(36).slice(2, 8), kind, fields: fields.filter(Boolean) };
}
