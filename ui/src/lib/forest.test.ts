import { expect, it } from "vitest";
import { importances } from "./forest";

const SIZE = 300;
const noise = (at: number) => ((at * 7919) % 101) / 101;

it("finds what a metric depends on, and how much", () => {
  const [strong, weak, none] = [31, 57, 83].map((step) =>
    Array.from({ length: SIZE }, (_, at) => noise(at * step + step)),
  ) as [number[], number[], number[]];
  const goal = strong.map((value, at) => 10 * value ** 2 + 2 * (weak[at] ?? 0));
  const found = importances([none, strong, weak], goal);
  expect(found.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
  expect(found[1]).toBeGreaterThan(0.6);
  expect(found[2]).toBeGreaterThan(found[0] ?? 1);
  expect(importances([none, strong, weak], goal)).toEqual(found);
});

it("says nothing of what does not vary or is too few", () => {
  expect(importances([[1, 1, 1]], [1, 2, 3])).toEqual([0]);
  expect(
    importances(
      [Array(20).fill(1)],
      Array.from({ length: 20 }, (_, at) => at),
    ),
  ).toEqual([0]);
  expect(importances([], [1, 2])).toEqual([]);
});
