import { expect, it } from "vitest";
import { csvOf, markdownOf, sheetOf } from "./export";
import { parquetOf } from "./parquet";
import { rowsOfPage } from "./run-rows";
import { columnOf } from "./runset";

const SHEET = sheetOf(
  rowsOfPage({
    rows: [
      { run_id: "a", run_name: '=HYPERLINK("x")', status: "FINISHED", start_time: 5 },
      { run_id: "b" },
    ],
    columns: [
      { id: "metrics.loss", numbers: [-0.5, null] },
      { id: "params.p", texts: ["x|y\n,z", "-1"] },
    ],
  }),
  [
    columnOf("attributes", "start_time"),
    columnOf("metrics", "loss"),
    columnOf("params", "p"),
    columnOf("attributes", "user_id"),
  ],
);

it("writes CSV that no spreadsheet runs", () => {
  expect(csvOf(SHEET).split("\r\n")).toEqual([
    "run_id,run_name,status,start_time,end_time,metrics.loss,params.p,user_id",
    `a,"'=HYPERLINK(""x"")",FINISHED,5,,-0.5,"x|y\n,z",`,
    "b,b,,,,,'-1,",
    "",
  ]);
});

it("writes Markdown", () => {
  const lines = markdownOf(SHEET).split("\n");
  expect(lines).toHaveLength(5);
  expect(lines[1]).toBe("| --- | --- | --- | ---: | --- | ---: | --- | --- |");
  expect(lines[2]).toContain("x\\|y ,z");
});

it("writes Parquet between its marks", () => {
  const file = parquetOf(SHEET);
  const text = new TextDecoder("latin1").decode(file);
  expect([text.slice(0, 4), text.slice(-4)]).toEqual(["PAR1", "PAR1"]);
  const footer = new DataView(file.buffer).getUint32(file.length - 8, true);
  expect(footer).toBeLessThan(file.length - 12);
  expect(text).toContain("metrics.loss");
  expect(parquetOf({ names: ["a"], columns: [[]] }).length).toBeGreaterThan(20);
});
