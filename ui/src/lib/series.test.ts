import { expect, it } from "vitest";
import { nearest, seriesOf } from "./series";

const name = (key: string, step: number, time: number, mark = "+") =>
  `images/${key}${mark}step${mark}${step}${mark}timestamp${mark}${time}${mark}0a-1b.png`;

it("gathers images by key and step", () => {
  const found = seriesOf([
    name("b", 10, 5),
    name("a~x", 2, 5),
    name("a~x", 1, 7),
    name("a~x", 1, 6),
    name("old", 3, 1, "%"),
    `${name("a~x", 1, 6).slice(0, -4)}+compressed.webp`,
    "images/other.png",
  ]);
  expect([...found.keys()]).toEqual(["a/x", "b", "old"]);
  expect(found.get("a/x")?.map(({ step, time }) => [step, time])).toEqual([
    [1, 7],
    [2, 5],
  ]);
});

it("snaps to a step that is there", () => {
  const points = seriesOf([name("a", 0, 1), name("a", 10, 1)]).get("a") ?? [];
  expect(nearest(points, 4)?.step).toBe(0);
  expect(nearest(points, 99)?.step).toBe(10);
  expect(nearest([], 1)).toBeUndefined();
});
