import { expect, it } from "vitest";
import { allOf, filterText, operatorsOf, parseFilter } from "./filter";
import { hintAt, keyBeingTyped } from "./filter-hints";
import { FilterError, quotedKey } from "./filter-text";

const again = (text: string) => filterText(parseFilter(text));

function wrongAt(text: string): [number, string] {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) return [error.position, error.expected];
  }
  throw new Error(`${text} is taken`);
}

it("reads what it writes", () => {
  for (const text of [
    "metrics.loss < 0.1",
    "params.model = 'tree' AND metrics.acc >= 0.9",
    "(params.a = 'x' OR params.b = 'it''s') AND NOT (tags.t IS NULL)",
    "metrics.`val loss` BETWEEN 0.1 AND 1e-7",
    "attributes.status IN ('FAILED', 'KILLED')",
    "attributes.duration >= 1000",
    "attributes.run_name NOT LIKE '%a%'",
    "datasets.name = 'wine'",
  ]) {
    expect(again(text)).toBe(text);
  }
  expect(again("")).toBe("");
  expect(again("run_name = \"x\" params.a != 'b'")).toBe(
    "attributes.run_name = 'x' AND params.a != 'b'",
  );
  expect(again("metric.loss>-1 and tags.\"a b\" like 'c%'")).toBe(
    "metrics.loss > -1 AND tags.`a b` LIKE 'c%'",
  );
});

it("says where a filter is wrong", () => {
  expect(wrongAt("metrics.loss >> 1")[0]).toBe(14);
  expect(wrongAt("metrics.loss = 'x'")).toEqual([15, "a number without quotes"]);
  expect(wrongAt("params.lr = 1")[1]).toContain("quotes");
  expect(wrongAt("params.lr = 'x")[0]).toBe(12);
  expect(wrongAt("loss < 1")[1]).toContain("metrics.loss");
  expect(wrongAt("metrics.a < 1 AND")[0]).toBe(17);
  expect(wrongAt("(metrics.a < 1")[0]).toBe(14);
  expect(wrongAt("params.lr < '1'")[1]).toContain("LIKE");
  expect(wrongAt("metrics.")[0]).toBe(8);
  expect(wrongAt("metrics.a == 1")[0]).toBe(10);
  expect(wrongAt("metrics.a IN (1 2)")[1]).toContain(",");
  expect(wrongAt("tags.a IS x")[1]).toContain("NULL");
});

it("joins filters", () => {
  expect(allOf(["", " "])).toBe("");
  expect(allOf(["metrics.a > 1", ""])).toBe("metrics.a > 1");
  expect(allOf(["a OR b", "c"])).toBe("(a OR b) AND (c)");
  expect(quotedKey("a`b")).toBe("`a``b`");
  expect(operatorsOf({ kind: "params", key: "x" })).not.toContain("<");
});

it("knows what may follow", () => {
  const wants = (text: string) => hintAt(text, text.length).wants;
  expect(wants("")).toBe("field");
  expect(wants("metrics.lo")).toBe("field");
  expect(wants("metrics.loss ")).toBe("operator");
  expect(wants("metrics.loss <")).toBe("value");
  expect(wants("metrics.loss < 1")).toBe("value");
  expect(wants("metrics.loss < 1 ")).toBe("join");
  expect(wants("params.a = 'x'")).toBe("join");
  expect(wants("params.a = 'x' AND (")).toBe("field");
  expect(wants("params.a IN ")).toBe("list");
  expect(wants("params.a IN ('x'")).toBe("comma");
  expect(wants("params.a IN ('x', 'y') ")).toBe("join");
  expect(wants("metrics.a BETWEEN 1 AND ")).toBe("value");
  expect(wants("metrics.a BETWEEN 1 ")).toBe("and");
  expect(wants("tags.a IS NOT ")).toBe("operator");
  const hint = hintAt("params.`a b` = 'tr", 18);
  expect([hint.wants, hint.typed, hint.from]).toEqual(["value", "'tr", 15]);
  expect(hint.field).toEqual({ kind: "params", key: "a b" });
  expect(keyBeingTyped("metrics.`val lo")).toEqual({ kind: "metrics", part: "val lo" });
  expect(keyBeingTyped("lo")).toEqual({ part: "lo" });
});
