import { expect, it } from "vitest";
import { SMOOTHINGS, smoothed } from "./smoothing";

const dense = Float64Array.from({ length: 1001 }, (_, at) => at);
const noisy = dense.map((at) => (at % 2 ? 1 : -1));

it.each(SMOOTHINGS)("%s calms a line, keeps gaps and a constant", (kind) => {
  expect(smoothed(dense, noisy, kind, 0)).toBe(noisy);
  expect(Math.abs(smoothed(dense, noisy, kind, 0.95)[500] ?? 9)).toBeLessThan(0.2);
  const gaps = smoothed(
    Float64Array.from([0, 1, 2, 3]),
    Float64Array.from([2, Number.NaN, Number.POSITIVE_INFINITY, 2]),
    kind,
    0.9,
  );
  expect([...gaps].map((value) => Number.isNaN(value))).toEqual([false, true, true, false]);
  expect(gaps[0]).toBeCloseTo(2, 12);
  expect(gaps[3]).toBeCloseTo(2, 12);
});

it("weighs by time as its formula says, whatever the density", () => {
  const x = Float64Array.from([0, 1, 3, 4]);
  const y = Float64Array.from([1, 2, 4, 8]);
  const weight = Math.sqrt(0.5);
  let [sum, share, before] = [0, 0, 0];
  const found = [...x].map((here, at) => {
    const decay = weight ** (((here - before) / 4) * 1000);
    sum = sum * decay + (y[at] ?? 0);
    share = share * decay + 1;
    before = here;
    return sum / share;
  });
  for (const [at, value] of smoothed(x, y, "time", 0.5).entries()) {
    expect(value).toBeCloseTo(found[at] ?? 0, 12);
  }
});

it("frees the moving average of its start", () => {
  const y = Float64Array.from([3, 5]);
  const found = smoothed(Float64Array.from([0, 1]), y, "ema", 0.5);
  expect([...found]).toEqual([3, (1.5 * 0.5 + 2.5) / 0.75]);
});

it("averages what is inside the window", () => {
  const x = Float64Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const found = smoothed(x, x, "average", 1);
  expect([...found].slice(0, 3)).toEqual([0.5, 1, 2]);
});
