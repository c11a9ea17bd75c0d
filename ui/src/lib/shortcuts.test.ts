import { expect, it } from "vitest";
import { meaning, SHORTCUTS } from "./shortcuts";

const free = { command: false, typing: false };

it("hears single keys, pairs of keys and keys with a command", () => {
  expect(meaning("?", "", free)).toBe("list");
  expect(meaning("g", "", free)).toBe("wait");
  expect(meaning("m", "g", free)).toEqual({ go: "#/models" });
  expect(meaning("m", "", free)).toBeUndefined();
  expect(meaning("g", "g", free)).toBe("wait");
  expect(meaning("k", "", { command: true, typing: true })).toBe("palette");
  expect(meaning("b", "", { command: true, typing: false })).toBeUndefined();
});

it("hears nothing while one types", () => {
  for (const key of ["?", "/", "g", "["]) {
    expect(meaning(key, "g", { command: false, typing: true })).toBeUndefined();
  }
});

it("lists each key of a place once", () => {
  for (const [, list] of SHORTCUTS) {
    expect(new Set(list.map((one) => one.keys)).size).toBe(list.length);
  }
});
