// Groups of runs with statistics of their metrics, as the server counts them, in levels.
import { fieldText, type Test } from "./filter";
import { type Column, type Row, valueIn } from "./runset";

export interface Stats {
  count: number;
  mean: number;
  min: number;
  max: number;
  std: number; // of a sample
}

export interface Leaf {
  values: (string | undefined)[]; // by group key; undefined is "(none)"
  runs: number;
  stats: Map<string, Stats>; // by metric
}

export interface Group extends Leaf {
  key: string; // of the values, as an address names it
  below: Group[];
}

/** Return the statistics of two sets together (Chan and others, 1979). */
export function merged(a: Stats, b: Stats): Stats {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const apart = b.mean - a.mean;
  const squares = (one: Stats) => (one.count > 1 ? one.std ** 2 * (one.count - 1) : 0);
  const sum = squares(a) + squares(b) + (apart ** 2 * a.count * b.count) / count;
  return {
    count,
    mean: a.mean + (apart * b.count) / count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    std: Math.sqrt(sum / (count - 1)),
  };
}

/** Return half of the 95 % confidence interval of the mean. */
export function confidence({ std, count }: Stats): number | undefined {
  return count > 1 ? (1.96 * std) / Math.sqrt(count) : undefined;
}

/** Return the key of a group's values. */
export function groupKey(values: (string | undefined)[]): string {
  return JSON.stringify(values.map((value) => value ?? null));
}

/** Return the groups in levels, one a key; those without a value come last. */
export function groupTree(leaves: Leaf[], level = 0): Group[] {
  const first = leaves[0];
  if (!first || level >= first.values.length) return [];
  const by = new Map<string | undefined, Leaf[]>();
  for (const leaf of leaves) {
    const value = leaf.values[level];
    by.set(value, [...(by.get(value) ?? []), leaf]);
  }
  return [...by.entries()]
    .sort(([a], [b]) =>
      a === undefined ? 1 : b === undefined ? -1 : a.localeCompare(b, "en", { numeric: true }),
    )
    .map(([, those]): Group => {
      const values = (those[0]?.values ?? []).slice(0, level + 1);
      const stats = new Map<string, Stats>();
      for (const leaf of those) {
        for (const [key, one] of leaf.stats) {
          const before = stats.get(key);
          stats.set(key, before ? merged(before, one) : one);
        }
      }
      return {
        key: groupKey(values),
        values,
        runs: those.reduce((sum, leaf) => sum + leaf.runs, 0),
        stats,
        below: groupTree(those, level + 1),
      };
    });
}

/** Return groups in the order of the means of a metric, at every level. */
export function orderedGroups(groups: Group[], metric: string, descending: boolean): Group[] {
  const sign = descending ? -1 : 1;
  const mean = (group: Group) => group.stats.get(metric)?.mean;
  return groups
    .map((group) => ({ ...group, below: orderedGroups(group.below, metric, descending) }))
    .sort((a, b) => {
      const [left, right] = [mean(a), mean(b)];
      if (left === undefined || right === undefined) {
        return (left === undefined ? 1 : 0) - (right === undefined ? 1 : 0);
      }
      return sign * (left - right);
    });
}

/** Return what a run of a group says of itself: the group's criteria. */
export function criteria(by: Column[], values: (string | undefined)[]): string {
  return by
    .slice(0, values.length)
    .map(({ kind, key }, at): string => {
      const value = values[at];
      const field = { kind, key } as Test["field"];
      const name = fieldText(field);
      if (value === undefined) return `${name} IS NULL`;
      return kind === "metrics"
        ? `${name} = ${value}`
        : `${name} = '${value.replaceAll("'", "''")}'`;
    })
    .join(" AND ");
}

/** Return the key of the leaf group that a row belongs to. */
export function groupOf(row: Row, by: Column[]): string {
  return groupKey(
    by.map((column) => {
      const value = valueIn(row, column);
      return value === undefined || value === "" ? undefined : String(value);
    }),
  );
}

/** Return the rows of each leaf group, by its key. */
export function rowsByGroup(rows: Row[], by: Column[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const key = groupOf(row, by);
    const those = found.get(key);
    if (those) those.push(row);
    else found.set(key, [row]);
  }
  return found;
}
