import { expect, it } from "vitest";
import { chosenColor, colorOf, colorsOf, luminance, PALETTES } from "./colors";

it("gives a run the same colour each time, whatever is beside it", () => {
  const ids = Array.from({ length: 500 }, (_, at) => `run ${at}`);
  const all = colorsOf(ids, "standard");
  expect(colorsOf(["run 7"], "standard").get("run 7")).toBe(all.get("run 7"));
  expect(colorOf("run 7", "standard")).toBe(all.get("run 7"));
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
