import { expect, it } from "vitest";
import { parseCsv, wholeRecords } from "./csv";

it("reads fields, quotes and line ends", () => {
  expect(parseCsv('a,b\r\n"1, ""x""\ny",2\n,\n', ",")).toEqual([
    ["a", "b"],
    ['1, "x"\ny', "2"],
    ["", ""],
  ]);
  expect(parseCsv("a\tb\n1\t2", "\t")).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
});

it("takes what is no table as it comes", () => {
  expect(parseCsv("", ",")).toEqual([]);
  expect(parseCsv('"open', ",")).toEqual([["open"]]);
  expect(parseCsv('"a"b,c', ",")).toEqual([["ab", "c"]]);
  expect(parseCsv("\r\r\r", ",")).toEqual([[""], [""], [""]]);
});

it("ends where a record does", () => {
  const bytes = new TextEncoder().encode('a,b\n"x\ny",2\n"z\n');
  expect(wholeRecords(bytes)).toBe(12);
  expect(wholeRecords(new TextEncoder().encode("no end"))).toBe(6);
});
