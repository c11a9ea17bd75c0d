import { expect, it } from "vitest";
import { modelColumn, modelOrder, rowsOf, telling } from "./logged-models";

const models = [
  {
    info: { model_id: "m-1" },
    data: {
      params: [
        { key: "depth", value: "1" },
        { key: "same", value: "x" },
      ],
      metrics: [
        { key: "acc", value: 0.5, dataset_name: "test", dataset_digest: "d1" },
        { key: "acc", value: 0.75 },
      ],
    },
  },
  {
    info: { model_id: "m-2" },
    data: {
      params: [
        { key: "depth", value: "2" },
        { key: "same", value: "x" },
      ],
      metrics: [{ key: "acc", value: "NaN" }],
    },
  },
];

it("keeps metrics of datasets apart, and finds what says most", () => {
  const { rows, columns } = rowsOf(models);
  expect(columns.map(({ key, dataset }) => [key, dataset])).toEqual([
    ["acc", ""],
    ["acc", "test"],
    ["depth", ""],
    ["same", ""],
  ]);
  const [acc, onTest] = columns;
  expect(rows[0]?.values.get(acc?.id ?? "")).toBe(0.75);
  expect(rows[0]?.values.get(onTest?.id ?? "")).toBe(0.5);
  expect(rows[1]?.values.get(acc?.id ?? "")).toBeNaN();
  expect(telling(rows, columns).map((one) => one.key)).toEqual(["acc", "acc", "depth"]);
  expect(telling(rows, columns, 1).map((one) => one.key)).toEqual(["acc", "depth"]);
  for (const one of columns) expect(modelColumn(one.id)).toEqual(one);
});

it("asks for an order as the server has it", () => {
  const id = JSON.stringify(["metrics", "val/a b", "test", "d1"]);
  expect(modelOrder(`${id} DESC`)).toEqual({
    field_name: "metrics.`val/a b`",
    ascending: false,
    dataset_name: "test",
    dataset_digest: "d1",
  });
  expect(modelOrder("created ASC")).toEqual({ field_name: "creation_timestamp", ascending: true });
  for (const text of ["", "x DESC", '["params","a"] ASC', "[] DESC", "{} ASC"]) {
    expect(modelOrder(text)).toBeUndefined();
  }
});
