import { expect, it } from "vitest";
import { groupKeys, groupsOf } from "./chart-groups";
import { type Row, rowOf } from "./runset";

function row(id: string, params: Record<string, string>, tags: Record<string, string> = {}): Row {
  const pairs = (those: Record<string, string>) =>
    Object.entries(those).map(([key, value]) => ({ key, value }));
  return rowOf({ info: { run_id: id }, data: { params: pairs(params), tags: pairs(tags) } });
}

const ROWS = [
  row("a", { lr: "10" }, { team: "x", "mlflow.user": "me" }),
  row("b", { lr: "2" }, { team: "y" }),
  row("c", {}, { team: "x" }),
];

it("lists what tells runs apart", () => {
  expect(groupKeys(ROWS)).toEqual(["params.lr", "tags.team"]);
});

it("puts runs together, those without a value too", () => {
  const keys = { color: ["params.lr"], dash: [], facet: ["tags.team"] };
  const found = groupsOf(["a", "b", "c"], ROWS, keys);
  expect([...found.values()].map((one) => [one.label, one.color, one.facet])).toEqual([
    ["10", 2, "x"],
    ["2", 1, "y"],
    ["(none)", 0, "x"],
  ]);
  expect(new Set([...found.values()].map((one) => one.name)).size).toBe(3);
  const all = groupsOf(["a", "b"], ROWS, { color: [], dash: [], facet: [] });
  expect([...all.values()].map((one) => one.label)).toEqual(["All runs", "All runs"]);
  expect(new Set([...all.values()].map((one) => one.name)).size).toBe(1);
});
