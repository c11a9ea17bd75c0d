import { expect, it } from "vitest";
import {
  columnOf,
  columnsIn,
  differingColumns,
  metricKeys,
  paramKeys,
  type Row,
  rowOf,
  tellingColumns,
  valueIn,
} from "./runset";

function row(id: string, metrics: Record<string, number>, params: Record<string, string>): Row {
  return rowOf({
    info: { run_id: id, start_time: 5, end_time: 9, user_id: "ada" },
    data: {
      metrics: Object.entries(metrics).map(([key, value]) => ({
        key,
        value,
        step: key === "rare" ? 4 : 0,
      })),
      params: Object.entries(params).map(([key, value]) => ({ key, value })),
    },
  });
}

const ROWS = [
  row("a", { loss: 1, same: 3 }, { lr: "0.1", model: "x" }),
  row("b", { loss: 2, same: 3 }, { lr: "0.2", model: "x" }),
  row("c", { loss: 3, same: 3, rare: 1 }, { lr: "0.2", model: "x" }),
];

it("finds the columns that tell runs apart", () => {
  expect(tellingColumns(ROWS, 3, 3).map((one) => one.id)).toEqual([
    "metrics.rare",
    "metrics.loss",
    "params.lr",
  ]);
  expect(tellingColumns(ROWS.slice(0, 1), 3, 3).map((one) => one.key)).toEqual([
    "loss",
    "same",
    "lr",
    "model",
  ]);
  expect(tellingColumns([], 3, 3)).toEqual([]);
});

it("quotes keys that are no words", () => {
  expect(columnOf("metrics", "val loss").id).toBe("metrics.`val loss`");
  expect(columnOf("metrics", "val.loss_1").id).toBe("metrics.val.loss_1");
});

it("reads values", () => {
  const [first] = ROWS;
  if (!first) throw new Error("no row");
  expect(valueIn(first, columnOf("metrics", "loss"))).toBe(1);
  expect(valueIn(first, columnOf("attributes", "duration"))).toBe(4);
  expect(valueIn(first, columnOf("params", "nope"))).toBeUndefined();
  expect(rowOf({}).name).toBe("");
});

it("orders keys", () => {
  expect(metricKeys(ROWS)).toEqual(["rare", "loss", "same"]);
});

it("reads columns of an address", () => {
  const ids = [
    "metrics.loss",
    "params.`a b`",
    "tags.t",
    "min:metrics.`a``b`",
    5,
    "x",
    "metrics.loss",
  ];
  const columns = columnsIn(JSON.stringify(ids));
  expect(columns.map((one) => one.id)).toEqual([
    "metrics.loss",
    "params.`a b`",
    "tags.t",
    "min:metrics.`a``b`",
  ]);
  expect(columns[3]).toMatchObject({ key: "a`b", extreme: "min" });
  expect(columnsIn("{")).toEqual([]);
  expect(columnsIn("{}")).toEqual([]);
  expect(paramKeys(ROWS)).toEqual(["lr", "model"]);
});

it("leaves out columns that say the same everywhere", () => {
  const columns = ["loss", "same", "nowhere"].map((key) => columnOf("metrics", key));
  expect(differingColumns(columns, ROWS).map((one) => one.key)).toEqual(["loss"]);
  expect(differingColumns(columns, ROWS.slice(0, 1))).toEqual(columns);
});

it("knows the colour that somebody chose for a run", () => {
  const tags = [{ key: "mlflow.headrace.color", value: "#123456" }];
  expect(rowOf({ data: { tags } }).color).toBe("#123456");
  expect(rowOf({}).color).toBeUndefined();
});
