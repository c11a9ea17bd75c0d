import { expect, it } from "vitest";
import { between, flat, grouped, type Line, nested } from "./arrange";
import {
  confidence,
  criteria,
  groupKey,
  groupTree,
  type Leaf,
  merged,
  orderedGroups,
  rowsByGroup,
  type Stats,
} from "./groups";
import { rowsOfPage } from "./run-rows";
import { columnOf, type Row } from "./runset";

const ROWS = rowsOfPage({
  rows: [
    { run_id: "b1", parent_run_id: "b" },
    { run_id: "a" },
    { run_id: "b" },
    { run_id: "c", parent_run_id: "gone" },
    { run_id: "b2", parent_run_id: "b" },
    { run_id: "b21", parent_run_id: "b2" },
    { run_id: "self", parent_run_id: "self" },
  ],
  columns: [
    { id: "params.m", texts: ["x", "x", "y", null, "y", "x", "y"] },
    { id: "params.n", texts: ["1", "1", "1", null, "2", "2", "2"] },
  ],
});

const shown = (lines: Line[]) => lines.map((line) => `${" ".repeat(line.level)}${line.key}`);

it("puts children below open parents, and orphans at the top", () => {
  expect(shown(nested(ROWS, new Set(), false))).toEqual(["a", "b", "c", "self"]);
  const lines = nested(ROWS, new Set(["b", "b2", "a"]), false);
  expect(shown(lines)).toEqual(["a", "b", " b1", " b2", "  b21", "c", "self"]);
  expect(lines.map((line) => (line.is === "run" ? line.children : -1))).toEqual([
    0, 2, 0, 1, 0, 0, 0,
  ]);
  expect(shown(nested(ROWS, new Set(), false, false))).toEqual(["a", "b", "self"]);
  expect(shown(nested(ROWS, new Set(["b2"]), true))).toEqual(["a", "b", " b1", " b2", "c", "self"]);
  expect(flat(ROWS)).toHaveLength(7);
});

it("takes runs from one line to another", () => {
  const lines = flat(ROWS);
  const ids = (rows: Row[]) => rows.map((row) => row.id);
  expect(ids(between(lines, "c", "a"))).toEqual(["a", "b", "c"]);
  expect(ids(between(lines, undefined, "a"))).toEqual(["a"]);
  expect(ids(between(lines, "nowhere", "a"))).toEqual(["a"]);
  expect(between(lines, "a", "nowhere")).toEqual([]);
});

function statsOf(values: number[]): Stats {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return {
    count: values.length,
    mean,
    min: Math.min(...values),
    max: Math.max(...values),
    std: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0,
  };
}

it("adds up statistics exactly", () => {
  const [a, b] = [
    [1, 4, 9, 2.5],
    [100, -3, 7],
  ];
  if (!a || !b) throw new Error("no values");
  const all = statsOf([...a, ...b]);
  const sum = merged(statsOf(a), statsOf(b));
  for (const name of ["count", "mean", "min", "max", "std"] as const) {
    expect(sum[name]).toBeCloseTo(all[name], 10);
  }
  expect(merged(statsOf([5]), statsOf([7])).std).toBeCloseTo(Math.SQRT2, 10);
  expect(confidence(statsOf([1, 2, 3, 4]))).toBeCloseTo((1.96 * 1.2909944) / 2, 5);
  expect(confidence(statsOf([1]))).toBeUndefined();
});

const leaf = (values: (string | undefined)[], loss: number[]): Leaf => ({
  values,
  runs: loss.length,
  stats: new Map([["loss", statsOf(loss)]]),
});
const LEAVES = [
  leaf(["x", "2"], [5]),
  leaf([undefined, undefined], [9]),
  leaf(["x", "10"], [1, 2]),
  leaf(["y", "1"], [3]),
];

it("makes levels of groups, none last", () => {
  const tree = groupTree(LEAVES);
  expect(tree.map((group) => [group.values[0], group.runs])).toEqual([
    ["x", 3],
    ["y", 1],
    [undefined, 1],
  ]);
  expect(tree[0]?.below.map((group) => group.values)).toEqual([
    ["x", "2"],
    ["x", "10"],
  ]);
  expect(tree[0]?.stats.get("loss")?.mean).toBeCloseTo(8 / 3);
  const ordered = orderedGroups(tree, "loss", true);
  expect(ordered.map((group) => group.values[0])).toEqual([undefined, "y", "x"]);
  expect(orderedGroups(tree, "nothing", true)).toHaveLength(3);
  expect(groupTree([])).toEqual([]);
});

it("opens a group to its runs by criteria", () => {
  const by = [columnOf("params", "m"), columnOf("params", "n")];
  const members = rowsByGroup(ROWS, by);
  const tree = groupTree([leaf(["x", "1"], [1]), leaf([undefined, undefined], [2])]);
  const open = new Set([groupKey(["x"]), groupKey(["x", "1"]), groupKey([undefined])]);
  expect(shown(grouped(tree, members, open))).toEqual([
    '["x"]',
    ' ["x","1"]',
    "  b1",
    "  a",
    "[null]",
    " [null,null]",
  ]);
  expect(criteria(by, ["it's", undefined])).toBe("params.m = 'it''s' AND params.n IS NULL");
  expect(criteria(by, ["x"])).toBe("params.m = 'x'");
});
