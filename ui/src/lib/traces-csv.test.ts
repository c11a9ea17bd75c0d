import { expect, it } from "vitest";
import type { Trace } from "./lines";
import { csvOf } from "./traces-csv";

it("writes what is seen, and no formula", () => {
  const y = Float64Array.from([1, 2, Number.NaN]);
  const trace: Trace = {
    id: "a",
    run: "a",
    label: '=A1,"x"',
    color: "",
    dash: [],
    bold: false,
    x: Float64Array.from([0, 1, 2]),
    y,
    limits: [y, y],
  };
  expect(csvOf([trace], [1, 5])).toBe(
    'line,x,value,min,max\n"\'=A1,""x""",1,2,2,2\n"\'=A1,""x""",2,NaN,NaN,NaN\n',
  );
  expect(csvOf([{ ...trace, label: "b", raw: y }], [0, 0])).toBe(
    "line,x,smoothed,value,min,max\nb,0,1,1,1,1\n",
  );
});
