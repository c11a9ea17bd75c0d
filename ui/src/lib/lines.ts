// Series of the server as lines: joined over a zoom, over another metric, and what they span.
import type { Cells, Chart, Series } from "./columns";
import { type Smoothing, smoothed } from "./smoothing";

/** A line as it is drawn. */
export interface Trace {
  id: string; // of this line alone
  run: string; // whose it is: a run, or a group of them
  label: string;
  color: string;
  dash: number[];
  bold: boolean;
  facet?: string; // the chart within a card that it belongs to
  x: Float64Array;
  y: Float64Array;
  raw?: Float64Array | undefined; // behind a smoothed line
  low?: Float64Array | undefined; // with high: what is shaded
  high?: Float64Array | undefined;
  nans?: Uint32Array | undefined; // how many values at each x are NaN
  limits?: [Float64Array, Float64Array] | undefined; // least and greatest value at each x
}

export type Range = [number, number];

/** Return a chart of which a range is known more closely. */
export function joined(base: Chart, near: Chart | undefined): Chart {
  if (!near) return base;
  const closer = new Map(near.series.map((one) => [keyOf(one), one]));
  return {
    level: near.level,
    series: base.series.map((one) => {
      const part = closer.get(keyOf(one));
      if (!part || part.x.length === 0) return one;
      const before = upper(one.x, (part.x[0] ?? 0) - 1 / 2 ** 20);
      const after = upper(one.x, part.x.at(-1) ?? 0);
      return { run: one.run, metric: one.metric, ...spliced(one, before, part, after) };
    }),
  };
}

function keyOf(one: Series): string {
  return `${one.run} ${one.metric}`;
}

function spliced(one: Cells, before: number, part: Cells, after: number): Cells {
  const size = before + part.x.length + one.x.length - after;
  return columnsOf(one, size, (column, whole, name) => {
    whole.set(column.subarray(0, before));
    whole.set(part[name] ?? [], before);
    whole.set(column.subarray(after), before + part.x.length);
  });
}

type Fill = (
  column: Float64Array | Uint32Array,
  whole: Float64Array | Uint32Array,
  name: keyof Cells,
) => void;

/** Return cells of which each column is filled from one of others. */
function columnsOf(cells: Cells, size: number, fill: Fill): Cells {
  const floats = (name: "x" | "y" | "low" | "high" | "mean" | "std") => {
    const whole = new Float64Array(size);
    fill(cells[name] ?? whole, whole, name);
    return whole;
  };
  const ints = (name: "counts" | "nans") => {
    const whole = new Uint32Array(size);
    fill(cells[name], whole, name);
    return whole;
  };
  return {
    x: floats("x"),
    y: floats("y"),
    low: floats("low"),
    high: floats("high"),
    counts: ints("counts"),
    nans: ints("nans"),
    ...(cells.mean ? { mean: floats("mean"), std: floats("std") } : {}),
  };
}

/** Return one chart of several, which follow each other on the axis. */
export function chained(charts: Chart[]): Chart {
  const parts = new Map<string, Series[]>();
  for (const chart of charts) {
    for (const one of chart.series) {
      const those = parts.get(keyOf(one));
      if (those) those.push(one);
      else parts.set(keyOf(one), [one]);
    }
  }
  const series = [...parts.values()].map((those) =>
    those.reduce((all, part) => {
      // The first cell of a part may reach back behind the end of the one before.
      const from = upper(part.x, all.x.at(-1) ?? Number.NEGATIVE_INFINITY);
      const rest = columnsOf(part, part.x.length - from, (column, whole) =>
        whole.set(column.subarray(from)),
      );
      return {
        run: all.run,
        metric: all.metric,
        ...spliced(all, all.x.length, rest, all.x.length),
      };
    }),
  );
  return { level: Math.max(0, ...charts.map((chart) => chart.level)), series };
}

/** Return a series over the values of another, which are those at the same or the last step before. */
export function over(one: Series, other: Series): Series {
  const x = new Float64Array(one.x.length);
  let place = -1;
  for (let at = 0; at < one.x.length; at += 1) {
    while (place + 1 < other.x.length && (other.x[place + 1] ?? 0) <= (one.x[at] ?? 0)) place += 1;
    x[at] = place < 0 ? Number.NaN : (other.y[place] ?? Number.NaN);
  }
  const order = Array.from(x.keys())
    .filter((at) => Number.isFinite(x[at]))
    .sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0) || a - b);
  const cells = columnsOf({ ...one, x }, order.length, (column, whole) => {
    for (const [at, from] of order.entries()) whole[at] = column[from] ?? 0;
  });
  return { run: one.run, metric: one.metric, ...cells };
}

export interface Looks {
  smoothing: Smoothing;
  amount: number;
  raw: boolean; // the line as it was behind the smoothed one
  band: boolean; // the limits of each cell
  area?: Area; // what is shaded of a group
  trend?: Trend; // what its line is; the mean unless one says
}

export type Area = "std" | "se" | "ci" | "range";
export type Trend = "mean" | "min" | "max";

const NORMAL = 1.96; // deviations of the mean, between which 95 % lie

/** Return what is shaded of a group: mean ± std, ± std / √n, ± 1.96 std / √n, or least to greatest. */
function areaOf(one: Series, area: Area): [Float64Array, Float64Array] {
  const { mean, std } = one;
  if (!mean || !std || area === "range") return [one.low, one.high];
  const half = std.map((value, at) => {
    if (area === "std") return value;
    const error = value / Math.sqrt(Math.max(1, (one.counts[at] ?? 0) - (one.nans[at] ?? 0)));
    return area === "se" ? error : NORMAL * error;
  });
  const shifted = (sign: number) => mean.map((value, at) => value + sign * (half[at] ?? 0));
  return [shifted(-1), shifted(1)];
}

/** Return a series as a line is drawn. */
export function traceOf(
  one: Series,
  looks: Looks,
  rest: Pick<Trace, "id" | "run" | "label" | "color" | "dash" | "bold" | "facet">,
): Trace {
  const isSmooth = looks.amount > 0;
  const { trend = "mean" } = looks;
  const line = (one.mean && { mean: one.mean, min: one.low, max: one.high }[trend]) ?? one.y;
  const [low, high] = looks.area ? areaOf(one, looks.area) : [one.low, one.high];
  return {
    ...rest,
    x: one.x,
    y: isSmooth ? smoothed(one.x, line, looks.smoothing, looks.amount) : line,
    ...(isSmooth && looks.raw ? { raw: line } : {}),
    ...(looks.band || looks.area ? { low, high } : {}),
    nans: one.nans,
    limits: [one.low, one.high],
  };
}

/** Return how many values are at most as great: where the first greater one stands. */
export function upper(x: Float64Array, value: number): number {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Return the least and the greatest x of lines; on a logarithmic axis those above zero. */
export function spanX(traces: { x: Float64Array }[], log: boolean): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x } of traces) {
    const from = log ? upper(x, 0) : 0;
    if (from >= x.length) continue;
    low = Math.min(low, x[from] ?? low);
    high = Math.max(high, x.at(-1) ?? high);
  }
  return [low, high];
}

const OUTER = 0.05; // of the values on each side are left out where outliers are

/** Return the least and greatest y of what is seen between two x; without outliers, if asked so. */
export function spanY(traces: Trace[], [from, to]: Range, log: boolean, isCalm: boolean): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const values: number[] = [];
  for (const trace of traces) {
    const first = Math.max(0, upper(trace.x, from) - 1);
    const last = Math.min(trace.x.length, upper(trace.x, to) + 1);
    const columns = isCalm
      ? [trace.y]
      : [trace.y, trace.raw, trace.low, trace.high].filter((one) => one !== undefined);
    for (const column of columns) {
      for (let at = first; at < last; at += 1) {
        const value = column[at] ?? Number.NaN;
        if (!Number.isFinite(value) || (log && value <= 0)) continue;
        if (isCalm) values.push(value);
        else {
          if (value < low) low = value;
          if (value > high) high = value;
        }
      }
    }
  }
  if (!isCalm || values.length === 0) return [low, high];
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return [at(OUTER), at(1 - OUTER)];
}

/** Return the place in a line of what lies nearest to an x; -1 where there is nothing. */
export function nearest(x: Float64Array, value: number): number {
  const after = upper(x, value);
  if (after === 0) return x.length ? 0 : -1;
  if (after === x.length) return x.length - 1;
  return value - (x[after - 1] ?? 0) <= (x[after] ?? 0) - value ? after - 1 : after;
}

/** Return the value of a line at an x, between its points too; NaN beside and in gaps. */
export function valueAtX(x: Float64Array, y: Float64Array, value: number): number {
  const after = upper(x, value);
  const before = after - 1;
  if (before < 0) return Number.NaN;
  if (x[before] === value || after === x.length)
    return x[before] === value ? (y[before] ?? Number.NaN) : Number.NaN;
  const [x0, x1] = [x[before] ?? 0, x[after] ?? 0];
  const [y0, y1] = [y[before] ?? Number.NaN, y[after] ?? Number.NaN];
  return y0 + ((value - x0) / (x1 - x0)) * (y1 - y0);
}
