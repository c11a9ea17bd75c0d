import { expect, it } from "vitest";
import { longestWord } from "./sought";

it("asks for the word that says most", () => {
  expect(longestWord("val/loss epoch")).toBe("epoch");
  expect(longestWord("metrics.acc")).toBe("acc");
  expect(longestWord(" ")).toBe("");
});
