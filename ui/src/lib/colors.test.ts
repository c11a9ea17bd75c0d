import { expect, it } from "vitest";
import { chosenColor, colorOf, colorsOf, luminance, PALETTES } from "./colors";

const runs = (size: number) =>
  Array.from({ length: size }, (_, at) => ({ id: `run ${at}`, start: at }));

const HUES = PALETTES.standard.length;
const SHADES = [...new Set(Array.from({ length: 999 }, (_, at) => colorOf(`${at}`, "standard")))];
const reds = (color: string) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
/** Return the hue of a colour in degrees (HSL). */
function hue(color: string): number {
  const [red = 0, green = 0, blue = 0] = reds(color);
  return (Math.atan2(Math.sqrt(3) * (green - blue), 2 * red - green - blue) * 180) / Math.PI;
}

it("gives a run the colour of its id, if no older one beside it has its hue", () => {
  const all = runs(HUES);
  const found = colorsOf(all, "standard");
  const kept = all.filter(({ id }) => found.get(id) === colorOf(id, "standard"));
  expect(kept[0]?.id).toBe("run 0");
  expect(kept.length).toBeGreaterThan(HUES / 3);
  expect(colorsOf([{ id: "run 7" }], "standard").get("run 7")).toBe(colorOf("run 7", "standard"));
});

it("gives as many runs as there are hues one each", () => {
  expect(SHADES.length).toBe(3 * HUES);
  const shown = [...colorsOf(runs(HUES), "standard").values()];
  const base = PALETTES.standard.map(hue);
  const nearest = (color: string) => {
    const far = base.map((one) => Math.abs(((one - hue(color) + 540) % 360) - 180));
    return far.indexOf(Math.min(...far));
  };
  expect(new Set(shown.map(nearest)).size).toBe(HUES);
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
