// Trends and relations between two quantities. Pairs that lack a number count nowhere.

export type Pair = readonly [number, number];

/** Return the pairs of two columns that are both numbers. */
export function pairsOf(x: (number | undefined)[], y: (number | undefined)[]): Pair[] {
  return x.flatMap((value, at): Pair[] => {
    const other = y[at];
    return value !== undefined &&
      other !== undefined &&
      Number.isFinite(value) &&
      Number.isFinite(other)
      ? [[value, other]]
      : [];
  });
}

interface Line {
  slope: number;
  start: number; // at zero
  share: number; // of the variance that the line explains: R²
}

/** Return the line of least squares; undefined where there is none. */
export function linearFit(pairs: readonly Pair[]): Line | undefined {
  const { varX, varY, cov, meanX, meanY } = moments(pairs);
  if (pairs.length < 2 || varX === 0) return undefined;
  const slope = cov / varX;
  return {
    slope,
    start: meanY - slope * meanX,
    share: varY === 0 ? 1 : cov ** 2 / (varX * varY),
  };
}

function moments(pairs: readonly Pair[]) {
  let [meanX, meanY] = [0, 0];
  for (const [x, y] of pairs) [meanX, meanY] = [meanX + x / pairs.length, meanY + y / pairs.length];
  let [varX, varY, cov] = [0, 0, 0];
  for (const [x, y] of pairs) {
    varX += (x - meanX) ** 2;
    varY += (y - meanY) ** 2;
    cov += (x - meanX) * (y - meanY);
  }
  return { meanX, meanY, varX, varY, cov };
}

/**
 * Return a smooth curve through pairs at some x: at each the line of least squares of the share of
 * pairs that lie nearest, weighed by (1 - (d / farthest)³)³. Cleveland (1979), without robustness.
 */
export function loess(pairs: readonly Pair[], share: number, at: number[]): number[] {
  const sorted = [...pairs].sort((a, b) => a[0] - b[0]);
  const count = Math.max(2, Math.min(sorted.length, Math.ceil(share * sorted.length)));
  let first = 0;
  return at.map((x) => {
    while (
      first + count < sorted.length &&
      x - (sorted[first]?.[0] ?? 0) > (sorted[first + count]?.[0] ?? 0) - x
    ) {
      first += 1;
    }
    const near = sorted.slice(first, first + count);
    const far = Math.max(...near.map((pair) => Math.abs(pair[0] - x))) * 1.0001 || 1;
    let [sum, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
    for (const [px, py] of near) {
      const weight = (1 - (Math.abs(px - x) / far) ** 3) ** 3;
      const dx = px - x;
      sum += weight;
      sumX += weight * dx;
      sumY += weight * py;
      sumXX += weight * dx * dx;
      sumXY += weight * dx * py;
    }
    const under = sum * sumXX - sumX * sumX;
    return Math.abs(under) < 1e-12 * sum * sumXX || under === 0
      ? sumY / sum
      : (sumY * sumXX - sumX * sumXY) / under;
  });
}

/** Return Pearson's correlation; NaN where one of both does not vary. */
function pearson(pairs: readonly Pair[]): number {
  const { varX, varY, cov } = moments(pairs);
  return cov / Math.sqrt(varX * varY);
}

/** Return Spearman's correlation: Pearson's of the ranks, ties in the middle. */
export function spearman(pairs: readonly Pair[]): number {
  const x = ranks(pairs.map((pair) => pair[0]));
  const y = ranks(pairs.map((pair) => pair[1]));
  return pearson(x.map((rank, at): Pair => [rank, y[at] ?? 0]));
}

function ranks(values: number[]): number[] {
  const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const found = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (let at = from; at < to; at += 1) found[order[at] ?? 0] = (from + to - 1) / 2;
    from = to;
  }
  return found;
}

export interface Box {
  low: number; // the least value within 1.5 of the box's height below it
  first: number;
  median: number;
  third: number;
  high: number;
  outer: number[]; // values beyond
}

/** Return what a box plot shows of values (Tukey 1977); undefined of none. */
export function boxOf(values: number[]): Box | undefined {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? 0;
    return below + (place % 1) * ((sorted[Math.ceil(place)] ?? 0) - below);
  };
  const [first, median, third] = [at(0.25), at(0.5), at(0.75)];
  const reach = 1.5 * (third - first);
  const inner = sorted.filter((value) => value >= first - reach && value <= third + reach);
  return {
    low: inner[0] ?? first,
    high: inner.at(-1) ?? third,
    outer: sorted.filter((value) => value < first - reach || value > third + reach),
    ...{ first, median, third },
  };
}

/** Return values on a grid between pairs, each leaning on the pairs by 1 / d² (Shepard 1968). */
export function surface(points: { x: number; y: number; z: number }[], size: number): number[] {
  const found: number[] = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const [x, y] = [(column + 0.5) / size, (row + 0.5) / size];
      let [sum, share] = [0, 0];
      for (const point of points) {
        const weight = 1 / ((point.x - x) ** 2 + (point.y - y) ** 2 + 1e-6);
        sum += weight * point.z;
        share += weight;
      }
      found.push(sum / share);
    }
  }
  return found;
}
