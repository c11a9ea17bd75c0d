import { expect, it } from "vitest";
import type { Chart } from "./columns";
import { closerLook, stepsOf } from "./zoom";

function chart(level: number, x: number[]): Chart {
  const values = Float64Array.from(x);
  const counts = new Uint32Array(x.length);
  return {
    level,
    series: [
      {
        run: "a",
        metric: "m",
        x: values,
        y: values,
        low: values,
        high: values,
        counts,
        nans: counts,
      },
    ],
  };
}

it("asks for nothing where all points are there", () => {
  expect(closerLook(chart(0, [0, 100]), [10, 20], false, 100).ranges).toEqual([]);
  expect(closerLook(chart(5, []), [10, 20], false, 100).ranges).toEqual([]);
  expect(closerLook(chart(5, [0, 100]), [200, 300], false, 100).ranges).toEqual([]);
  expect(closerLook(chart(0, [0, 100]), undefined, false, 100).ranges).toEqual([]);
  expect(closerLook(chart(5, [70, 100]), undefined, false, 100).ranges).toEqual([[64, 70]]);
});

it("asks for the zoom and one cell beside it, as finely", () => {
  const found = closerLook(chart(5, [0, 10_000]), [1000, 1100], false, 100);
  expect(found).toEqual({ ranges: [[968, 1132]], buckets: 164 });
  const wide = closerLook(chart(5, [0, 10_000]), [1000, 2000], false, 100);
  expect(wide).toEqual({ ranges: [[900, 2100]], buckets: 120 });
});

it("asks decade by decade for a logarithmic axis", () => {
  const { ranges } = closerLook(chart(9, [1, 100_000]), undefined, true, 100);
  expect(ranges.length).toBe(5);
  expect(ranges[0]?.[0]).toBe(1);
  expect(ranges.at(-1)?.[1]).toBe(100_000);
  for (const [at, [from]] of ranges.entries()) {
    if (at) expect(from).toBe((ranges[at - 1]?.[1] ?? 0) + 1);
  }
});

it("finds the steps of a metric's values", () => {
  expect(stepsOf(chart(0, [0, 1, 2, 3, 4]).series, [2, 2.5])).toEqual([1, 3]);
  expect(stepsOf(chart(0, [0, 1]).series, [7, 8])).toBeUndefined();
});
