import { expect, it } from "vitest";
import { finder, formatLayout, moved, parseLayout, sectionsOf, USUAL } from "./layout";

it("writes what is not usual, and reads it back", () => {
  expect(formatLayout(USUAL)).toBe("");
  const layout = {
    ...USUAL,
    amount: 0.5,
    zoom: { train: [1, 2] as [number, number] },
    cards: { loss: { logY: true, rangeX: [0, 5] as [number, number], more: ["val_loss"] } },
    extras: [{ id: "a", kind: "scatter", fields: ["params.lr", "metrics.loss"] }],
  };
  expect(JSON.parse(formatLayout(layout))).not.toHaveProperty("x");
  expect(parseLayout(formatLayout(layout))).toEqual(layout);
});

it("takes nothing wrong from an address", () => {
  for (const text of [
    "{",
    "[]",
    "7",
    "null",
    '{"x":3,"link":"no","amount":"a","pins":[1],"zoom":[]}',
  ]) {
    expect(parseLayout(text)).toEqual(USUAL);
  }
  const odd =
    '{"amount":7,"zoom":{"a":[1]},"cards":{"a":{"rangeX":"x"},"b":{"logX":true}},"extras":[{}]}';
  expect(parseLayout(odd)).toEqual({ ...USUAL, amount: 1, cards: { b: { logX: true } } });
});

it("puts keys into sections", () => {
  const keys = ["loss", "train/a/x", "train/b", "val/c"];
  const titles = (layout: typeof USUAL) =>
    sectionsOf(keys, layout).map((one) => [one.title, ...one.keys]);
  expect(titles(USUAL)).toEqual([
    ["Metrics", "loss"],
    ["train/a", "train/a/x"],
    ["train", "train/b"],
    ["val", "val/c"],
  ]);
  const other = {
    ...USUAL,
    sections: "first" as const,
    pins: ["val/c"],
    hidden: ["loss"],
    order: { train: ["train/b"] },
  };
  expect(titles(other)).toEqual([
    ["Pinned", "val/c"],
    ["train", "train/b", "train/a/x"],
  ]);
});

it("moves a card", () => {
  expect(moved(["a", "b", "c"], "a", 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], "c", -4)).toEqual(["c", "a", "b"]);
});

it("finds by part or expression", () => {
  expect(finder("LOSS")("train/loss")).toBe(true);
  expect(finder("^val|acc$")("train/acc")).toBe(true);
  expect(finder("^val|acc$")("train/loss")).toBe(false);
  expect(finder("a(")("a(b")).toBe(true);
  expect(finder("")("any")).toBe(true);
});
