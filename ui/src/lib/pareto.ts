// The Pareto front: points that no other point is better than in all respects.
import type { Direction } from "./view";

/** Return the places of the points on the front, in the order of their first values. */
export function paretoFront(
  points: readonly (readonly [number, number])[],
  better: readonly [Direction, Direction],
): number[] {
  const [first, second] = better.map((way) => (way === "up" ? -1 : 1)) as [number, number];
  const costs = points.map(([x, y]) => [first * x, second * y] as const);
  const places = [...points.keys()]
    .filter((at) => points[at]?.every(Number.isFinite))
    .sort((a, b) => {
      const [one = [0, 0], other = [0, 0]] = [costs[a], costs[b]];
      return one[0] - other[0] || one[1] - other[1] || a - b;
    });
  const front: number[] = [];
  let least: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const at of places) {
    const cost = costs[at] ?? least;
    const isTwin = cost[0] === least[0] && cost[1] === least[1];
    if (cost[1] >= least[1] && !isTwin) continue;
    front.push(at);
    least = cost;
  }
  return first > 0 ? front : front.reverse();
}
