import { expect, it } from "vitest";
import { foldered, partsOf } from "./folders";

const of = { name: (one: string) => one, id: (one: string) => `id of ${one}` };

function shown(names: string[], closed: string[] = []): string[] {
  return foldered(names, of, new Set(closed)).map(
    (row) =>
      `${"  ".repeat(row.depth)}${row.name}${row.kind === "folder" ? `/ ${row.ids.length}` : ""}`,
  );
}

it("divides names at single slashes within", () => {
  expect(partsOf("a/b/c")).toEqual(["a", "b", "c"]);
  expect(partsOf("/Users/me/x")).toEqual(["/Users", "me", "x"]);
  expect(partsOf("https://host/x")).toEqual(["https://host", "x"]);
  for (const name of ["", "/", "a/", "//", "a//b"]) expect(partsOf(name)).toEqual([name]);
});

it("makes folders of what several share, in the order of the list", () => {
  expect(shown(["team/x", "alone", "team/y", "team/deep/z", "team/deep/w"])).toEqual([
    "team/ 4",
    "  x",
    "  y",
    "  deep/ 2",
    "    z",
    "    w",
    "alone",
  ]);
});

it("makes no folder for one, and one of folders that hold nothing but a folder", () => {
  expect(shown(["a/b/c", "d"])).toEqual(["a/b/c", "d"]);
  expect(shown(["a/b/c", "a/b/d"])).toEqual(["a/b/ 2", "  c", "  d"]);
});

it("hides what is in a closed folder", () => {
  expect(shown(["a/x", "a/b/y", "a/b/z"], ["a/b"])).toEqual(["a/ 3", "  x", "  b/ 2"]);
  expect(shown(["a/x", "a/b/y", "a/b/z"], ["a"])).toEqual(["a/ 3"]);
});

it("keeps one beside a folder of its name", () => {
  expect(shown(["a", "a/x", "a/y"])).toEqual(["a", "a/ 2", "  x", "  y"]);
});

it("takes ten thousand", () => {
  const names = Array.from({ length: 10_000 }, (_, at) => `t${at % 7}/p${at % 50}/e${at}`);
  expect(foldered(names, of, new Set()).filter((row) => row.kind === "leaf")).toHaveLength(10_000);
});
