import { expect, it } from "vitest";
import { best, fits } from "./fuzzy";

it("finds letters in their order, and nothing else", () => {
  expect(fits("rforest", "random forest")).toBeGreaterThan(0);
  expect(fits("tser", "random forest")).toBeUndefined();
  expect(fits("", "anything")).toBe(0);
});

it("puts whole words before beginnings of words before letters", () => {
  const names = ["a lost string", "glossary", "loss", "val/loss"];
  expect(best("loss", names, (one) => one)).toEqual(["loss", "val/loss", "glossary", names[0]]);
  expect(best("lst", names, (one) => one)[0]).toBe("a lost string");
});
