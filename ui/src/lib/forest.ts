// How much each param tells of a metric: a small random forest.

const TREES = 60;
const DEPTH = 8;
const LEAST = 3; // rows in a leaf
const MOST_ROWS = 800; // that a tree is grown from
const CUTS = 24; // that are tried of each param

type Random = () => number;

/** Return a source of numbers between 0 and 1 that is the same each time (mulberry32). */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Cut {
  column: number;
  value: number;
  gain: number;
}

/**
 * Return for each column the share of the variance that cuts at it take away: Breiman (2001), mean
 * decrease in impurity, over trees of bootstrapped rows that see a third of the columns at each cut.
 *
 * @param columns numbers by column, then row; what has no number is as good as the least.
 * @param goal the metric by row.
 */
export function importances(columns: number[][], goal: number[], seed = 1): number[] {
  const found = new Array<number>(columns.length).fill(0);
  const random = seeded(seed);
  if (columns.length === 0 || goal.length < 2 * LEAST) return found;
  for (let tree = 0; tree < TREES; tree += 1) {
    const size = Math.min(goal.length, MOST_ROWS);
    const rows = Array.from({ length: size }, () => Math.floor(random() * goal.length));
    grow(columns, goal, rows, 0, random, found);
  }
  const all = found.reduce((sum, one) => sum + one, 0);
  return all > 0 ? found.map((one) => one / all) : found;
}

function grow(
  columns: number[][],
  goal: number[],
  rows: number[],
  depth: number,
  random: Random,
  found: number[],
): void {
  if (depth >= DEPTH || rows.length < 2 * LEAST) return;
  const cut = bestCut(columns, goal, rows, random);
  if (!cut) return;
  found[cut.column] = (found[cut.column] ?? 0) + cut.gain;
  const values = columns[cut.column] ?? [];
  const isBelow = (row: number) => (values[row] ?? 0) <= cut.value;
  grow(columns, goal, rows.filter(isBelow), depth + 1, random, found);
  grow(
    columns,
    goal,
    rows.filter((row) => !isBelow(row)),
    depth + 1,
    random,
    found,
  );
}

function bestCut(
  columns: number[][],
  goal: number[],
  rows: number[],
  random: Random,
): Cut | undefined {
  let best: Cut | undefined;
  const total = rows.reduce((sum, row) => sum + (goal[row] ?? 0), 0);
  const tried = Math.max(1, Math.ceil(columns.length / 3));
  for (let turn = 0; turn < tried; turn += 1) {
    const column = Math.floor(random() * columns.length);
    const values = columns[column] ?? [];
    for (let cuts = 0; cuts < Math.min(CUTS, rows.length); cuts += 1) {
      const value = values[rows[Math.floor(random() * rows.length)] ?? 0] ?? 0;
      let [count, sum] = [0, 0];
      for (const row of rows) {
        if ((values[row] ?? 0) > value) continue;
        count += 1;
        sum += goal[row] ?? 0;
      }
      const rest = rows.length - count;
      if (count < LEAST || rest < LEAST) continue;
      // What the variance of both sides, weighed, lacks of that of all.
      const gain = sum ** 2 / count + (total - sum) ** 2 / rest - total ** 2 / rows.length;
      if (gain > (best?.gain ?? 1e-12)) best = { column, value, gain };
    }
  }
  return best;
}
