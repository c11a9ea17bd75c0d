import { expect, it } from "vitest";
import { columnsOfPage, retold, rowsOfPage, type TablePage, withColumns } from "./run-rows";
import { columnNamed, columnOf, valueIn } from "./runset";

const PAGE: TablePage = {
  total: 2,
  rows: [
    { run_id: "a", experiment_id: "1", run_name: "one", status: "RUNNING", color: "#112233" },
    { run_id: "b", experiment_id: "1", status: "FINISHED", parent_run_id: "a", end_time: 5 },
  ],
  columns: [
    { id: "metrics.loss", numbers: [0.5, "NaN"] },
    { id: "min:metrics.loss", numbers: [0.25, null] },
    { id: "params.`a b`", texts: [null, "x"] },
  ],
};

it("makes rows of columns", () => {
  const [a, b] = rowsOfPage(PAGE);
  if (!a || !b) throw new Error("no rows");
  expect([a.name, b.name, b.parent, a.color, a.end, b.end]).toEqual([
    "one",
    "b",
    "a",
    "#112233",
    undefined,
    5,
  ]);
  expect(a.metrics.get("loss")).toBe(0.5);
  expect(b.metrics.get("loss")).toBeNaN();
  expect([...b.params]).toEqual([["a b", "x"]]);
  expect(a.params.size).toBe(0);
  expect(valueIn(a, columnOf("metrics", "loss", "min"))).toBe(0.25);
  expect(columnsOfPage(PAGE).map((one) => one.id)).toEqual([
    "metrics.loss",
    "min:metrics.loss",
    "params.`a b`",
  ]);
});

it("adds a column to rows in another order", () => {
  const rows = rowsOfPage(PAGE);
  const made = withColumns(rows, {
    rows: [{ run_id: "c" }, { run_id: "b" }, { run_id: "a" }],
    columns: [{ id: "tags.t", texts: ["3", "2", "1"] }],
  });
  expect(made.map((row) => row.tags.get("t"))).toEqual(["1", "2"]);
  expect(made[0]).not.toBe(rows[0]);
  expect(made[0]?.metrics.get("loss")).toBe(0.5);
});

it("tells what changed, came and went", () => {
  const rows = rowsOfPage(PAGE);
  const columns = ["metrics.loss", "params.`a b`"].flatMap((id) => columnNamed(id) ?? []);
  const again = rowsOfPage(PAGE);
  const all = new Set(["a", "b", "c"]);
  expect(retold(rows, all, again, columns, 9)).toEqual({ rows, arrived: [] });
  const later = rowsOfPage({
    rows: [{ run_id: "c" }, { run_id: "a", run_name: "one", status: "FINISHED", color: "#112233" }],
    columns: [{ id: "metrics.loss", numbers: [1, 0.25] }],
  });
  const told = retold(rows, all, later, columns, 9);
  expect(told.rows.map((row) => row.id)).toEqual(["a"]);
  expect([...(told.rows[0]?.news?.columns ?? [])]).toEqual(["metrics.loss", "attributes.status"]);
  expect(told.arrived.map((row) => [row.id, row.news?.isNew])).toEqual([["c", true]]);
  expect(retold(rows, new Set(["c"]), [], columns, 9).rows).toBe(rows);
});
