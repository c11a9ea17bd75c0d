import { expect, it } from "vitest";
import { placer, scaleOf, ticks, tickText, valueAt } from "./scales";

it("goes there and back", () => {
  for (const scale of [scaleOf(-2, 6, false), scaleOf(0.001, 1000, true)]) {
    for (const place of [0, 0.25, 1]) {
      expect(placer(scale)(valueAt(scale, place))).toBeCloseTo(place, 12);
    }
  }
});

it("is never empty", () => {
  expect(scaleOf(3, 3, false)).toEqual({ min: 2.85, max: 3.15, log: false });
  expect(scaleOf(0, 0, false)).toEqual({ min: -0.5, max: 0.5, log: false });
  const none = scaleOf(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false);
  expect(none).toEqual({ min: 0, max: 1, log: false });
  expect(scaleOf(-5, 0, true).min).toBeGreaterThan(0);
  expect(scaleOf(0, 10, false, 0.05)).toEqual({ min: -0.5, max: 10.5, log: false });
});

it("stands lines at round values", () => {
  expect(ticks(scaleOf(0, 1, false), 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(scaleOf(0, 2, false), 5, "step")).toEqual([0, 1, 2]);
  expect(ticks(scaleOf(0.001, 1000, true), 8)).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000]);
  expect(ticks(scaleOf(1e-12, 1, true), 4).length).toBeLessThanOrEqual(5);
  expect(ticks(scaleOf(0, 120_000, false), 5, "duration")).toEqual([
    0, 30_000, 60_000, 90_000, 120_000,
  ]);
  expect(tickText(90_000, scaleOf(0, 1e6, false), "duration")).toBe("1 m 30 s");
  expect(tickText(0.25, scaleOf(0, 1, false), "number")).toBe("0.25");
});
