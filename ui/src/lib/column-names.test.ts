import { expect, it } from "vitest";
import { labelsOf, titleOf } from "./column-names";
import { columnOf } from "./runset";

const named = (...keys: string[]) => [
  ...labelsOf(keys.map((key) => columnOf("metrics", key))).values(),
];

it("calls columns by the ends in which they differ", () => {
  expect(named("loss", "val/loss")).toEqual(["loss", "val/loss"]);
  expect(named("train/encoder/loss", "loss")).toEqual(["…/loss", "loss"]);
  expect(named("layer/0/grad_norm", "layer/11/grad_norm")).toEqual([
    "…/0/grad_norm",
    "…/11/grad_norm",
  ]);
  expect(named("encoder/layer/norm", "decoder/layer/norm")).toEqual([
    "encoder/layer/norm",
    "decoder/layer/norm",
  ]);
});

it("says extremes and attributes in words", () => {
  const least = columnOf("metrics", "loss", "min");
  expect(labelsOf([least]).get("min:metrics.loss")).toBe("min loss");
  expect(titleOf(least)).toBe("min of loss");
  expect(titleOf(columnOf("attributes", "user_id"))).toBe("User");
});
