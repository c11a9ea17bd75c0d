import { expect, it } from "vitest";
import { diffLines, unified } from "./diff";

function applied(before: string[], after: string[]): [string[], string[], number] {
  const steps = diffLines(before, after);
  return [
    steps.filter(([mark]) => mark !== "+").map(([, line]) => line),
    steps.filter(([mark]) => mark !== "-").map(([, line]) => line),
    steps.filter(([mark]) => mark !== " ").length,
  ];
}

it("says how one becomes the other, in the fewest steps", () => {
  expect(applied([..."abcabba"], [..."cbabac"])).toEqual([[..."abcabba"], [..."cbabac"], 5]);
  expect(applied([], ["a"])).toEqual([[], ["a"], 1]);
  expect(applied(["a"], [])).toEqual([["a"], [], 1]);
  expect(applied([], [])).toEqual([[], [], 0]);
});

it("is right for any two texts", () => {
  let seed = 7;
  const random = (most: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % most;
  };
  for (let time = 0; time < 300; time += 1) {
    const make = () => Array.from({ length: random(20) }, () => String(random(4)));
    const [before, after] = [make(), make()];
    const [left, right] = applied(before, after);
    expect(left).toEqual(before);
    expect(right).toEqual(after);
  }
});

it("ends soon for texts that share nothing", () => {
  const began = process.cpuUsage(); // not the clock: others use the machine too
  const lines = (mark: string) => Array.from({ length: 20_000 }, (_, at) => `${mark}${at}`);
  const [left, right] = applied(lines("a"), lines("b"));
  expect([left.length, right.length]).toEqual([20_000, 20_000]);
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(3000);
}, 60_000);

it("shows some lines around", () => {
  const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  expect(unified(before, before.replace("5", "five"), 1)).toBe("@@ 4 → 4 @@\n 4\n-5\n+five\n 6");
  expect(unified("a\n", "a\n")).toBe("");
  expect(unified("", "a\n")).toBe("@@ 1 → 1 @@\n+a");
});
