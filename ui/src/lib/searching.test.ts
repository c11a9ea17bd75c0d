import { expect, it } from "vitest";
import { filterOf, isFilter, like, quoted } from "./searching";

it("knows a filter from words", () => {
  for (const text of [
    "name = 'a'",
    "tags.team LIKE 'x%'",
    "metrics.loss < 1",
    "version IN ('1')",
  ]) {
    expect(isFilter(text)).toBe(true);
    expect(filterOf("name", text)).toBe(text);
  }
  for (const text of ["churn", "in the like", "a b", ""]) expect(isFilter(text)).toBe(false);
});

it("asks for each word, and quotes what is in one", () => {
  expect(filterOf("name", " a  b ")).toBe("name ILIKE '%a%' AND name ILIKE '%b%'");
  expect(filterOf("name", "")).toBe("");
  expect(quoted("it's")).toBe("'it''s'");
  expect(like("name", "x'y")).toBe("name ILIKE '%x''y%'");
});
