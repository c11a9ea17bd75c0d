// The four ways to smooth a line. What is no number stays a gap and counts nowhere.

export const SMOOTHINGS = ["time", "ema", "gaussian", "average"] as const;
export type Smoothing = (typeof SMOOTHINGS)[number];

const VIEWPORT = 1000;
const MOST = 0.999;
const SIGMA = 0.05; // of the range of x at an amount of 1
const WINDOW = 0.2; // likewise

/** Return smoothed values; an amount between 0, which changes nothing, and 1. */
export function smoothed(
  x: Float64Array,
  y: Float64Array,
  kind: Smoothing,
  amount: number,
): Float64Array {
  if (amount <= 0 || y.length === 0) return y;
  const range = (x.at(-1) ?? 0) - (x[0] ?? 0) || 1;
  if (kind === "time") return timeWeighted(x, y, range, Math.min(Math.sqrt(amount), MOST));
  if (kind === "ema") return moving(y, Math.min(amount, MOST));
  if (kind === "gaussian") return gaussian(x, y, amount * SIGMA * range);
  return average(x, y, amount * WINDOW * range);
}

/**
 * Lean on what came before by how far away it lies, not by how many points lie between:
 * a = w^(dx / range * 1000), y = y * a + v, d = d * a + 1; the result is y / d.
 */
function timeWeighted(x: Float64Array, y: Float64Array, range: number, weight: number) {
  const found = new Float64Array(y.length).fill(Number.NaN);
  const slope = (Math.log(weight) * VIEWPORT) / range;
  let sum = 0;
  let share = 0;
  let before = x[0] ?? 0;
  for (let at = 0; at < y.length; at += 1) {
    const value = y[at] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    const here = x[at] ?? 0;
    const decay = Math.exp(slope * (here - before));
    sum = sum * decay + value;
    share = share * decay + 1;
    before = here;
    found[at] = sum / share;
  }
  return found;
}

/** y = y * w + (1 - w) * v, freed of its start at zero: the result is y / (1 - w^n). */
function moving(y: Float64Array, weight: number) {
  const found = new Float64Array(y.length).fill(Number.NaN);
  let sum = 0;
  let rest = 1;
  for (let at = 0; at < y.length; at += 1) {
    const value = y[at] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    sum = sum * weight + (1 - weight) * value;
    rest *= weight;
    found[at] = sum / (1 - rest);
  }
  return found;
}

/** The mean of all values around, weighed by exp(-dx² / 2 sigma²), as far as three sigma. */
function gaussian(x: Float64Array, y: Float64Array, sigma: number) {
  const found = new Float64Array(y.length).fill(Number.NaN);
  const scale = -1 / (2 * sigma * sigma);
  let from = 0;
  for (let at = 0; at < y.length; at += 1) {
    if (!Number.isFinite(y[at] ?? Number.NaN)) continue;
    const here = x[at] ?? 0;
    while (here - (x[from] ?? 0) > 3 * sigma) from += 1;
    let sum = 0;
    let share = 0;
    for (let other = from; other < y.length; other += 1) {
      const far = (x[other] ?? 0) - here;
      if (far > 3 * sigma) break;
      const value = y[other] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      const weight = Math.exp(scale * far * far);
      sum += weight * value;
      share += weight;
    }
    found[at] = sum / share;
  }
  return found;
}

/** The mean of all values in a window with the point in its middle. */
function average(x: Float64Array, y: Float64Array, window: number) {
  const found = new Float64Array(y.length).fill(Number.NaN);
  let [from, to, sum, share] = [0, 0, 0, 0];
  for (let at = 0; at < y.length; at += 1) {
    const here = x[at] ?? 0;
    for (; to < y.length && (x[to] ?? 0) - here <= window / 2; to += 1) {
      const value = y[to] ?? Number.NaN;
      if (Number.isFinite(value)) [sum, share] = [sum + value, share + 1];
    }
    for (; here - (x[from] ?? 0) > window / 2; from += 1) {
      const value = y[from] ?? Number.NaN;
      if (Number.isFinite(value)) [sum, share] = [sum - value, share - 1];
    }
    if (Number.isFinite(y[at] ?? Number.NaN)) found[at] = sum / share;
  }
  return found;
}
