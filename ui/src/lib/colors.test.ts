import { expect, it } from "vitest";
import { chosenColor, colorOf, colorsOf, luminance, PALETTES } from "./colors";

const runs = (size: number) =>
  Array.from({ length: size }, (_, at) => ({ id: `run ${at}`, start: at }));

it("gives a run the colour of its id, if no other beside it has that", () => {
  const all = runs(36);
  const found = colorsOf(all, "standard");
  const owners = new Map(
    [...all].reverse().map(({ id }) => [colorOf(id, "standard"), id]), // the oldest stays
  );
  for (const [color, id] of owners) expect(found.get(id)).toBe(color);
  expect(colorsOf([{ id: "run 7" }], "standard").get("run 7")).toBe(colorOf("run 7", "standard"));
});

it("shows no two runs in the same colour while there are free ones", () => {
  const found = colorsOf(runs(36), "standard");
  expect(new Set(found.values()).size).toBe(36);
  const more = colorsOf(runs(50), "standard");
  expect([more.size, new Set(more.values()).size]).toEqual([50, 36]);
  const chosen = colorOf("run 0", "standard");
  const both = colorsOf([...runs(2), { id: "mine", color: chosen }], "standard");
  expect(both.get("mine")).toBe(chosen);
  expect(new Set(both.values()).size).toBe(3);
});

it("keeps colours in any order, and when runs come that began later", () => {
  const before = colorsOf(runs(20), "standard");
  expect(colorsOf(runs(20).reverse(), "standard")).toEqual(before);
  const late = { id: "late", start: 99 };
  const after = colorsOf([late, ...runs(20)], "standard");
  const own = colorOf("late", "standard");
  for (const [id, color] of before) if (color !== own) expect(after.get(id)).toBe(color);
});

it("spreads runs over the palette and its shades", () => {
  for (const name of ["standard", "colour-blind"] as const) {
    const found = new Set(Array.from({ length: 500 }, (_, at) => colorOf(`run ${at}`, name)));
    expect(found.size).toBe(PALETTES[name].length * 3);
    for (const color of found) expect(chosenColor(color)).toBe(color);
  }
});

it("stands out from the page of either theme", () => {
  const dark = luminance("#15181d") + 0.05;
  for (let at = 0; at < 500; at += 1) {
    const found = luminance(colorOf(`run ${at}`, "standard")) + 0.05;
    expect(1.05 / found).toBeGreaterThan(2.95);
    expect(found / dark).toBeGreaterThan(2.95);
  }
});

it("takes no text for a colour that is none", () => {
  expect(chosenColor("#A0b1C2")).toBe("#A0b1C2");
  expect(chosenColor("red; background: url(x)")).toBeUndefined();
  expect(chosenColor(undefined)).toBeUndefined();
});
