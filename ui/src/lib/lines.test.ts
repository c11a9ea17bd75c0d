import { expect, it } from "vitest";
import type { Chart, Series } from "./columns";
import {
  type Area,
  chained,
  joined,
  nearest,
  over,
  spanX,
  spanY,
  type Trace,
  traceOf,
  upper,
  valueAtX,
} from "./lines";

function series(run: string, x: number[], y: number[]): Series {
  const values = Float64Array.from(y);
  return {
    run,
    metric: "loss",
    x: Float64Array.from(x),
    y: values,
    low: values,
    high: values,
    counts: new Uint32Array(x.length).fill(1),
    nans: new Uint32Array(x.length),
  };
}

function trace(x: number[], y: number[]): Trace {
  const one = series("a", x, y);
  return { id: "a", label: "a", color: "", dash: [], bold: false, ...one };
}

it("puts a closer look into the whole", () => {
  const base: Chart = {
    level: 4,
    series: [series("a", [15, 31, 47], [1, 2, 3]), series("b", [15], [9])],
  };
  const near: Chart = { level: 1, series: [series("a", [17, 19, 31], [7, 8, 2])] };
  const both = joined(base, near);
  expect([...(both.series[0]?.x ?? [])]).toEqual([15, 17, 19, 31, 47]);
  expect([...(both.series[0]?.y ?? [])]).toEqual([1, 7, 8, 2, 3]);
  expect(both.series[1]).toBe(base.series[1]);
  expect(joined(base, undefined)).toBe(base);
});

it("chains parts whose first cells reach back", () => {
  const chart = chained([
    { level: 0, series: [series("a", [1, 2, 9], [1, 2, 9])] },
    { level: 3, series: [series("a", [9, 15, 23], [9, 15, 23]), series("b", [16], [0])] },
  ]);
  expect(chart.level).toBe(3);
  expect(chart.series.map((one) => [one.run, ...one.x])).toEqual([
    ["a", 1, 2, 9, 15, 23],
    ["b", 16],
  ]);
});

it("draws one metric over another by step", () => {
  const found = over(series("a", [1, 3, 5, 6], [10, 30, 50, 60]), series("a", [2, 5], [0.5, 0.1]));
  expect([...found.x]).toEqual([0.1, 0.1, 0.5]);
  expect([...found.y]).toEqual([50, 60, 30]);
});

it("shades a group around its mean", () => {
  const one: Series = {
    ...series("g", [0, 1], [9, 9]),
    counts: Uint32Array.from([5, 4]),
    nans: Uint32Array.from([1, 0]),
    mean: Float64Array.from([2, 3]),
    std: Float64Array.from([1, 0]),
  };
  const rest = { id: "g", run: "g", label: "g", color: "", dash: [], bold: false };
  const looks = { smoothing: "time" as const, amount: 0, raw: true, band: false };
  const high = (area: Area) => traceOf(one, { ...looks, area }, rest).high?.[0];
  expect(traceOf(one, { ...looks, area: "std" }, rest).y).toBe(one.mean);
  expect(traceOf(one, { ...looks, area: "std", trend: "min" }, rest).y).toBe(one.low);
  expect(traceOf(one, { ...looks, area: "std", trend: "max" }, rest).y).toBe(one.high);
  expect(high("std")).toBe(3);
  expect(high("se")).toBe(2.5);
  expect(high("ci")).toBeCloseTo(2.98, 12);
  expect(high("range")).toBe(9);
});

it("spans what is seen", () => {
  const one = trace([0, 1, 2, 3, 4], [5, Number.NaN, 1, 2, 900]);
  expect(spanX([one], false)).toEqual([0, 4]);
  expect(spanX([one], true)).toEqual([1, 4]);
  expect(spanY([one], [1.5, 2.5], false, false)).toEqual([1, 2]);
  expect(spanY([one], [0, 4], false, false)).toEqual([1, 900]);
  expect(spanX([], false)).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  const many = trace(
    Array.from({ length: 101 }, (_, at) => at),
    Array.from({ length: 101 }, (_, at) => (at === 50 ? 1e9 : at)),
  );
  expect(spanY([many], [0, 100], false, true)[1]).toBeLessThan(100);
});

it("finds what is near", () => {
  const x = Float64Array.from([0, 10, 20]);
  expect([upper(x, -1), upper(x, 0), upper(x, 15), upper(x, 20)]).toEqual([0, 1, 2, 3]);
  expect([nearest(x, -5), nearest(x, 4), nearest(x, 6), nearest(x, 99)]).toEqual([0, 0, 1, 2]);
  expect(nearest(new Float64Array(), 3)).toBe(-1);
  const y = Float64Array.from([0, 1, Number.NaN]);
  expect(valueAtX(x, y, 5)).toBe(0.5);
  expect(valueAtX(x, y, 15)).toBeNaN();
  expect(valueAtX(x, y, 25)).toBeNaN();
});
