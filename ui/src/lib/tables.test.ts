import { expect, it } from "vitest";
import { loggedTables, tableOf } from "./tables";

it("finds tables", () => {
  expect(tableOf({ columns: ["a", 1], data: [[1, 2]] })).toEqual({
    head: ["a", "1"],
    rows: [[1, 2]],
  });
  expect(tableOf([{ a: 1 }, { b: 2, a: 3 }])).toEqual({
    head: ["a", "b"],
    rows: [
      [1, undefined],
      [3, 2],
    ],
  });
});

it("finds none in anything else", () => {
  for (const odd of [null, 3, "x", [], [1], [[1]], {}, { columns: [], data: [1] }]) {
    expect(tableOf(odd)).toBeUndefined();
  }
});

it("reads which tables a run logged", () => {
  const tag =
    '[{"path": "a.json", "type": "table"}, {"path": 3}, null, {"path": "b", "type": "x"}]';
  expect(loggedTables(tag)).toEqual(["a.json"]);
  for (const odd of ["", "{}", "3"]) expect(loggedTables(odd)).toEqual([]);
});
