import { expect, it } from "vitest";
import { paretoFront } from "./pareto";

const POINTS = [
  [1, 5],
  [2, 3],
  [3, 4],
  [4, 1],
  [5, 2],
] as const;

it("keeps what no other is better than in both", () => {
  expect(paretoFront(POINTS, ["down", "down"])).toEqual([0, 1, 3]);
  expect(paretoFront(POINTS, ["up", "up"])).toEqual([0, 2, 4]);
  expect(paretoFront(POINTS, ["down", "up"])).toEqual([0]);
  expect(paretoFront(POINTS, ["up", "down"])).toEqual([3, 4]);
});

it("keeps twins, and leaves out what is as good in one and worse in the other", () => {
  const points = [
    [1, 1],
    [1, 1],
    [1, 2],
    [2, 1],
  ] as const;
  expect(paretoFront(points, ["down", "down"])).toEqual([0, 1]);
});

it("leaves out what is no number", () => {
  const points = [
    [Number.NaN, 0],
    [Number.NEGATIVE_INFINITY, 0],
    [1, 1],
  ] as const;
  expect(paretoFront(points, ["down", "down"])).toEqual([2]);
  expect(paretoFront([], ["up", "up"])).toEqual([]);
});

it("agrees with the definition", () => {
  // A linear congruence: the same points each time.
  let seed = 7;
  const next = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % 20;
  };
  const points = Array.from({ length: 200 }, () => [next(), next()] as const);
  const isBeaten = ([x, y]: readonly [number, number]) =>
    points.some(([a, b]) => a >= x && b <= y && (a > x || b < y));
  const wanted = [...points.keys()].filter((at) => !isBeaten(points[at] ?? [0, 0]));
  const found = paretoFront(points, ["up", "down"]);
  expect([...found].sort((a, b) => a - b)).toEqual(wanted);
});
