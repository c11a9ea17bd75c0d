import { expect, it } from "vitest";
import { drawsBeyond, USUAL_EYES, visibleIds } from "./eyes";
import { rowsOfPage } from "./run-rows";

const ROWS = rowsOfPage({
  rows: Array.from({ length: 12 }, (_, at) => ({
    run_id: `r${at}`,
    status: at === 3 ? "RUNNING" : "FINISHED",
  })),
});
const shown = (rule: string, ...turned: string[]) => [...visibleIds(ROWS, rule, new Set(turned))];

it("draws the first, all, none or the running", () => {
  expect(shown(USUAL_EYES)).toHaveLength(10);
  expect(shown("first:2")).toEqual(["r0", "r1"]);
  expect(shown("first:x")).toHaveLength(10);
  expect(shown("all")).toHaveLength(12);
  expect(shown("none")).toEqual([]);
  expect(shown("running")).toEqual(["r3"]);
});

it("turns single ones on and off", () => {
  expect(shown("first:2", "r1", "r5")).toEqual(["r0", "r5"]);
  expect(shown("none", "r7")).toEqual(["r7"]);
});

it("knows whether later rows may be drawn", () => {
  const rules = ["first:10", "first:300", "all", "running", "none"];
  expect(rules.map((rule) => drawsBeyond(200, rule))).toEqual([false, true, true, true, false]);
});
