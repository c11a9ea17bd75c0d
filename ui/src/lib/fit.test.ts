import { expect, it } from "vitest";
import { boxOf, linearFit, loess, type Pair, pairsOf, spearman, surface } from "./fit";

const LINE: Pair[] = [0, 1, 2, 3, 4].map((x) => [x, 2 * x + 1]);

it("pairs what are numbers", () => {
  expect(pairsOf([1, undefined, 3, Number.NaN], [4, 5, undefined, 6])).toEqual([[1, 4]]);
});

it("fits lines", () => {
  expect(linearFit(LINE)).toEqual({ slope: 2, start: 1, share: 1 });
  expect(linearFit([[1, 1]])).toBeUndefined();
  expect(
    linearFit([
      [1, 1],
      [1, 2],
    ]),
  ).toBeUndefined();
  const noisy = linearFit([
    [0, 0],
    [1, 3],
    [2, 1],
    [3, 4],
  ]);
  expect(noisy?.slope).toBeCloseTo(1, 12);
  expect(noisy?.share).toBeCloseTo(0.5, 12);
});

it("follows a line and a bend", () => {
  for (const value of loess(LINE, 0.6, [0, 1.5, 4]).entries()) {
    expect(value[1]).toBeCloseTo(([1, 4, 9] as const)[value[0]] ?? 0, 9);
  }
  const bend: Pair[] = Array.from({ length: 101 }, (_, at) => [at / 50 - 1, Math.abs(at / 50 - 1)]);
  const [left, middle] = loess(bend, 0.2, [-0.8, 0]);
  expect(left).toBeCloseTo(0.8, 2);
  expect(middle).toBeLessThan(0.1);
  expect(
    loess(
      [
        [1, 5],
        [1, 7],
      ],
      1,
      [1],
    )[0],
  ).toBeCloseTo(6, 9);
});

it("correlates ranks", () => {
  expect(
    spearman([
      [1, 1],
      [2, 8],
      [3, 27],
      [4, 64],
    ]),
  ).toBeCloseTo(1, 12);
  expect(
    spearman([
      [1, 9],
      [2, 5],
      [3, 1],
    ]),
  ).toBeCloseTo(-1, 12);
  expect(
    spearman([
      [1, 1],
      [1, 2],
    ]),
  ).toBeNaN();
});

it("draws boxes", () => {
  expect(boxOf([1, 2, 3, 4, 5, 100])).toEqual({
    low: 1,
    first: 2.25,
    median: 3.5,
    third: 4.75,
    high: 5,
    outer: [100],
  });
  expect(boxOf([Number.NaN])).toBeUndefined();
});

it("spreads values over a grid", () => {
  const found = surface(
    [
      { x: 0.25, y: 0.25, z: 1 },
      { x: 0.75, y: 0.75, z: 3 },
    ],
    2,
  );
  expect(found[0]).toBeCloseTo(1, 4);
  expect(found[1]).toBeCloseTo(2, 9);
  expect(found[3]).toBeCloseTo(3, 4);
});
