import { expect, it } from "vitest";
import { axisOf, conditionOf, gradient, isWithin, labelsOf, placesOn } from "./axes";
import { columnOf, rowOf } from "./runset";

const ROWS = [
  ["0.1", "adam", 1],
  ["0.01", "sgd", 2],
  [undefined, "adam", Number.NaN],
].map(([lr, name, loss], at) =>
  rowOf({
    info: { run_id: String(at) },
    data: {
      params: [
        ...(lr === undefined ? [] : [{ key: "lr", value: String(lr) }]),
        { key: "name", value: String(name) },
      ],
      metrics: [{ key: "loss", value: loss as number }],
    },
  }),
);

it("takes params that are numbers as numbers, others as texts", () => {
  const lr = axisOf(ROWS, columnOf("params", "lr"), true);
  expect(lr.values).toEqual([0.1, 0.01, undefined]);
  expect(placesOn(lr)).toEqual([1, 0, undefined]);
  const name = axisOf(ROWS, columnOf("params", "name"));
  expect(name.texts).toEqual(["adam", "sgd"]);
  expect(placesOn(name)).toEqual([0.25, 0.75, 0.25]);
  expect(labelsOf(name)).toEqual([
    { at: 0.25, text: "adam" },
    { at: 0.75, text: "sgd" },
  ]);
  expect(axisOf([], columnOf("params", "none")).scale).toEqual({ min: -0.5, max: 0.5, log: false });
});

it("filters by several intervals", () => {
  expect(isWithin(0.5, undefined)).toBe(true);
  expect(isWithin(undefined, [[0, 1]])).toBe(false);
  expect(
    isWithin(0.5, [
      [0, 0.1],
      [0.4, 0.6],
    ]),
  ).toBe(true);
  const loss = axisOf(ROWS, columnOf("metrics", "loss"));
  expect(placesOn(loss)).toEqual([0, 1, undefined]);
  expect(conditionOf(loss, [[0, 0.2]])).toBe("(metrics.loss >= 1 AND metrics.loss <= 1)");
  expect(
    conditionOf(loss, [
      [0, 0.2],
      [0.9, 1],
    ]),
  ).toContain(" OR ");
  expect(conditionOf(loss, [])).toBeUndefined();
});

it("colours from low to high", () => {
  expect(gradient(-1)).toBe(gradient(0));
  expect(gradient(0)).not.toBe(gradient(1));
});
