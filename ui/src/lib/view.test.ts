import { expect, it } from "vitest";
import { columnOf } from "./runset";
import {
  columnsOfView,
  FIELDS,
  fieldsOf,
  isSortable,
  movedColumn,
  replacedColumn,
  stuckFirst,
  viewOf,
  wholeFilter,
} from "./view";

const FULL = {
  filter: "metrics.a > 1",
  order: "metrics.a DESC, params.b ASC",
  columns: '["metrics.a","min:metrics.`b c`"]',
  stick: '["metrics.a"]',
  widths: '{"metrics.a":90}',
  better: '{"a":"down"}',
  differ: "1",
  group: '["params.m","attributes.status"]',
  nest: "closed",
  open: '["[\\"x\\"]"]',
  show: "running",
  eyes: "r1,r2",
  pinned: "r3,r4",
  baseline: "r5",
  mine: "ada",
  failed: "hide",
  stage: "archived",
  view: "table",
  split: "40",
};

it("writes what it reads", () => {
  expect(Object.keys(FULL).sort()).toEqual([...FIELDS].sort());
  expect(fieldsOf(viewOf(new URLSearchParams(FULL)))).toEqual(FULL);
  const empty = fieldsOf(viewOf(new URLSearchParams()));
  expect(new Set(Object.values(empty))).toEqual(new Set([""]));
  expect(Object.keys(empty).sort()).toEqual([...FIELDS].sort());
});

it("takes no nonsense from an address", () => {
  const view = viewOf(
    new URLSearchParams({
      columns: "{",
      widths: '{"a":"x","b":-4,"c":1e9}',
      better: '{"a":"sideways"}',
      group: '["metrics.a"]',
      split: "99",
      view: "x",
    }),
  );
  expect([view.columns, view.widths, view.better, view.group]).toEqual([undefined, {}, {}, []]);
  expect([view.split, view.panes]).toEqual([56, "both"]);
  expect(viewOf(new URLSearchParams({ widths: "[1]" })).widths).toEqual({});
});

it("adds what switches say to a filter", () => {
  expect(wholeFilter(viewOf(new URLSearchParams()))).toBe("");
  expect(wholeFilter(viewOf(new URLSearchParams({ filter: "metrics.a > 1", mine: "o'n" })))).toBe(
    "(metrics.a > 1) AND (attributes.user_id = 'o''n')",
  );
});

it("arranges columns", () => {
  const [a, b, c] = ["a", "b", "c"].map((key) => columnOf("metrics", key));
  if (!a || !b || !c) throw new Error("no columns");
  const keys = (columns: { key: string }[]) => columns.map((one) => one.key).join("");
  expect(keys(stuckFirst([a, b, c], new Set([c.id])))).toBe("cab");
  expect(keys(movedColumn([a, b, c], c.id, a.id))).toBe("cab");
  expect(keys(movedColumn([a, b, c], a.id, c.id))).toBe("bca");
  expect(keys(movedColumn([a, b, c], a.id, 1))).toBe("bac");
  expect(keys(movedColumn([a, b, c], a.id, -1))).toBe("abc");
  expect(keys(movedColumn([a, b, c], "x", 1))).toBe("abc");
  expect(keys(replacedColumn([a, b, c], a.id, b))).toBe("bc");
  const view = viewOf(new URLSearchParams());
  expect(keys(columnsOfView(view, [a], false))).toBe("start_timeaduration");
  expect(keys(columnsOfView(view, [a], true))).toBe("experiment_idstart_timeaduration");
  expect(isSortable("metrics.a")).toBe(true);
  expect(isSortable("min:metrics.a")).toBe(true);
  expect(isSortable("attributes.duration")).toBe(true);
  expect(isSortable("attributes.experiment_id")).toBe(false);
  expect(isSortable("min:params.a")).toBe(false);
});
