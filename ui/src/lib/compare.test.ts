import { expect, it } from "vitest";
import {
  delta,
  foundLines,
  linesOfCode,
  linesOfPackages,
  linesOfRuns,
  markdownOf,
  verdict,
} from "./compare";
import { environmentOf } from "./environment";
import { rowOf } from "./runset";

const ROWS = [
  rowOf({
    data: {
      metrics: [{ key: "loss", value: 0.5 }],
      params: [
        { key: "lr", value: "0.1" },
        { key: "same", value: "x" },
      ],
      tags: [{ key: "mlflow.user", value: "a" }],
    },
  }),
  rowOf({
    data: {
      metrics: [
        { key: "loss", value: 0.25 },
        { key: "acc", value: "NaN" },
      ],
      params: [
        { key: "lr", value: "0.1" },
        { key: "same", value: "x" },
      ],
    },
  }),
];

it("has a line for each key and tells what differs", () => {
  expect(linesOfRuns(ROWS).map(({ kind, key, differs }) => [kind, key, differs])).toEqual([
    ["Metrics", "acc", true],
    ["Metrics", "loss", true],
    ["Params", "lr", false],
    ["Params", "same", false],
  ]);
});

it("says how far values are from the baseline", () => {
  expect(delta(0.25, 0.5)).toBe("−0.25 (−50 %)");
  expect(delta(3, 2)).toBe("+1 (+50 %)");
  expect(delta(3, 0)).toBe("+3");
  expect(delta(-1, -2)).toBe("+1 (+50 %)");
  expect(delta(2, 2)).toBe("");
  expect(delta("x", 2)).toBe("");
  expect(delta(Number.NaN, 2)).toBe("");
  expect(delta(undefined, 2)).toBe("");
});

it("finds lines by key and value, those that differ or all", () => {
  const lines = linesOfRuns(ROWS);
  const keys = (find: string, all: boolean) => foundLines(lines, find, all).map((one) => one.key);
  expect(keys("", false)).toEqual(["acc", "loss"]);
  expect(keys("", true)).toEqual(["acc", "loss", "lr", "same"]);
  expect(keys("X", true)).toEqual(["same"]);
  expect(keys("0.25", false)).toEqual(["loss"]);
  expect(keys("undefined", true)).toEqual([]);
});

it("compares environments package by package", () => {
  const one = environmentOf('{"packages": ["a==1", "b==1"], "command": ["x", "y z"]}');
  const two = environmentOf('{"packages": ["a==2"]}');
  expect(linesOfPackages([one, two, undefined]).map(({ key, values }) => [key, values])).toEqual([
    ["a", ["1", "2", undefined]],
    ["b", ["1", undefined, undefined]],
  ]);
  expect(linesOfCode(ROWS, [one, two])).toEqual([
    {
      kind: "Code and environment",
      key: "command",
      values: ["x 'y z'", undefined],
      differs: true,
    },
  ]);
});

it("judges only where somebody said which way is better", () => {
  expect(verdict(1, 2, "down")).toBe("good");
  expect(verdict(1, 2, "up")).toBe("bad");
  expect(verdict(1, 1, "up")).toBe("");
  expect(verdict(1, 2, undefined)).toBe("");
  expect(verdict("a", 2, "up")).toBe("");
});

it("writes a table of Markdown", () => {
  const lines = [{ kind: "Params", key: "a|b", values: ["x\ny", undefined], differs: true }];
  expect(markdownOf(lines, ["one", "two"])).toBe(
    "|  | one | two |\n| --- | --- | --- |\n| a\\|b | x y |  |",
  );
});
