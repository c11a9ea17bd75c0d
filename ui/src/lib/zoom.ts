// What to ask the server for so that a chart is exact where one looks.
import type { Chart, Series } from "./columns";
import { type Range, spanX } from "./lines";

const FEW = 24; // lines
const AIR = 0.1; // of the range, asked for beside it, so that lines run to the edge

export interface Closer {
  ranges: Range[];
  buckets: number; // of each range
}

/**
 * Return the ranges of steps or times that show a zoom as finely as the screen can; none where the
 * whole chart does so already. Without a zoom it is the beginning of the lines.
 *
 * The cells of the whole chart show what lies outside. A point just outside, to which the line
 * leads, is exact too where it lies within one cell of the whole chart: that far is asked for.
 */
export function closerLook(
  base: Chart,
  view: Range | undefined,
  log: boolean,
  buckets: number,
): Closer {
  const [first, last] = spanX(base.series, log);
  if (base.level === 0 || !(first <= last)) return { ranges: [], buckets };
  const seen: Range = view ? [Math.max(first, view[0]), Math.min(last, view[1])] : [first, last];
  if (seen[0] > seen[1]) return { ranges: [], buckets };
  if (log) return { ranges: decades(seen), buckets };
  if (!view) {
    // A cell stands where its last point lies: where lines are few they start at their first.
    const cell = 2 ** base.level;
    const start = Math.floor(first / cell) * cell;
    return { ranges: base.series.length <= FEW ? [[start, first]] : [], buckets };
  }
  const size = Math.max(1, seen[1] - seen[0]);
  const cell = 2 ** base.level;
  const beside = Math.max(AIR * size, Math.min(cell, 4 * size));
  const share = (size + 2 * beside) / size;
  return { ranges: [[seen[0] - beside, seen[1] + beside]], buckets: Math.ceil(buckets * share) };
}

/** Return a range in parts that are about equally wide on a logarithmic axis. */
function decades([low, high]: Range): Range[] {
  const found: Range[] = [];
  const start = Math.max(1, Math.floor(low));
  const count = Math.max(1, Math.min(8, Math.ceil(Math.log10(high / start))));
  const factor = (high / start) ** (1 / count);
  let from = start;
  for (let at = 1; at <= count; at += 1) {
    const to = at === count ? Math.ceil(high) : Math.floor(start * factor ** at);
    if (to >= from) found.push([from, to]);
    from = to + 1;
  }
  return found;
}

/** Return the steps at which a metric has values in a range; undefined where it has none. */
export function stepsOf(series: Series[], view: Range): Range | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x, low: least, high: most } of series) {
    for (let at = 0; at < x.length; at += 1) {
      if ((most[at] ?? Number.NaN) < view[0] || !((least[at] ?? Number.NaN) <= view[1])) continue;
      low = Math.min(low, x[Math.max(0, at - 1)] ?? low);
      high = Math.max(high, x[Math.min(x.length - 1, at + 1)] ?? high);
    }
  }
  return low <= high ? [low, high] : undefined;
}
