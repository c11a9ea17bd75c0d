import { describe, expect, it } from "vitest";
import { ago, bytes, count, duration, number, significant } from "./format";

describe("numbers", () => {
  it.each([
    [0, "0"],
    [0.123456, "0.1235"],
    [0.5, "0.5"],
    [1234.5678, "1235"],
    [123456, "123456"],
    [12345.6, "12346"],
    [1234567.8, "1.235e6"],
    [0.0000123456, "1.235e−5"],
    [-0.25, "−0.25"],
    [Number.NaN, "NaN"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
    [100, "100"],
    [0.1 + 0.2, "0.3"],
  ])("%s is %s", (value, text) => expect(significant(value)).toBe(text));

  it("has as many digits as one says", () => {
    expect(significant(0.123456, 3)).toBe("0.123");
    expect(significant(1010.4, 3)).toBe("1010");
  });

  it("takes texts of the wire", () => {
    expect(number("-Infinity")).toBe(-Infinity);
    expect(number("NaN")).toBeNaN();
    expect(number(2.5)).toBe(2.5);
    expect(number(undefined)).toBeNaN();
  });
});

describe("times", () => {
  it.each([
    [12, "12 ms"],
    [1500, "1.5 s"],
    [134_000, "2 m 14 s"],
    [7_200_000, "2 h"],
    [90_000_000, "1 d 1 h"],
  ])("%s ms is %s", (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [1000, "now"],
    [59_000, "59 s ago"],
    [3_600_000, "1 h ago"],
    [3 * 86_400_000, "3 d ago"],
    [40 * 86_400_000, "1969-11-22"],
  ])("%s ms before is %s", (gone, text) => expect(ago(-gone, 0)).toBe(text));
});

it("says sizes and counts", () => {
  expect(bytes(999)).toBe("999 B");
  expect(bytes(1000)).toBe("1 kB");
  expect(bytes(12_345_678)).toBe("12.3 MB");
  expect(count(1, "run")).toBe("1 run");
  expect(count(2000, "run")).toBe("2,000 runs");
});
