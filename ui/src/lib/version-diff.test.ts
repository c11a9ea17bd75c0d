import { expect, it } from "vitest";
import { linesOf, requirementsIn, typesOf } from "./version-diff";

it("puts keys side by side and says what differs", () => {
  const a = new Map<string, string | number>([
    ["x2", 1],
    ["x10", "s"],
  ]);
  expect(linesOf([a, new Map([["x2", 2]])])).toEqual([
    { key: "x2", values: [1, 2], differs: true },
    { key: "x10", values: ["s", undefined], differs: true },
  ]);
  expect(linesOf([a, a]).some((line) => line.differs)).toBe(false);
});

it("reads requirements", () => {
  const text =
    "NumPy==2.0 # said\n\n# no\nscikit-learn>=1,<2\npandas\n-r other.txt\nray[data]==1\n";
  expect([...requirementsIn(text)]).toEqual([
    ["numpy", "==2.0"],
    ["scikit-learn", ">=1,<2"],
    ["pandas", "any version"],
    ["-r other.txt", ""],
    ["ray[data]", "==1"],
  ]);
});

it("names the parts of a signature", () => {
  const signature = {
    inputs: [{ name: "a", type: "double" }],
    outputs: [{ type: "string" }],
    params: [{ name: "t", type: "float", default: 0.5 }],
  };
  expect([...typesOf(signature)]).toEqual([
    ["input a", "double"],
    ["output 0", "string"],
    ["param t", "float = 0.5"],
  ]);
});
