import { expect, it } from "vitest";
import { actOf, branchesOf, foldersAbove, joinedLists } from "./tree";

it("names the folders above a path", () => {
  expect(foldersAbove("a/b/c.txt")).toEqual(["a", "a/b"]);
  expect(foldersAbove("c.txt")).toEqual([]);
});

it("shows what is open, folders first", () => {
  const rows = branchesOf(
    new Map([
      ["", [{ path: "x10" }, { path: "x2", file_size: 3 }, { path: "d", is_dir: true }]],
      ["d", [{ path: "d/e", is_dir: true }]],
      ["d/e", undefined],
    ]),
  );
  expect(rows.map(({ path, level, isOpen }) => [path, level, isOpen])).toEqual([
    ["d", 1, true],
    ["d/e", 2, true],
    ["x2", 1, false],
    ["x10", 1, false],
  ]);
  expect(rows[2]).toMatchObject({ size: 3, place: 2, among: 3 });
});

it("walks by keys", () => {
  const rows = branchesOf(
    new Map([
      ["", [{ path: "d", is_dir: true }, { path: "z" }]],
      ["d", [{ path: "d/e", is_dir: true }]],
    ]),
  );
  expect(actOf("ArrowLeft", rows, 0)).toEqual({ kind: "toggle" });
  expect(actOf("ArrowRight", rows, 0)).toEqual({ kind: "go", to: 1 });
  expect(actOf("ArrowRight", rows, 1)).toEqual({ kind: "toggle" });
  expect(actOf("ArrowLeft", rows, 1)).toEqual({ kind: "go", to: 0 });
  expect(actOf("ArrowLeft", rows, 2)).toBeUndefined();
  expect(actOf("End", rows, 0)).toEqual({ kind: "go", to: 2 });
  expect(actOf("Enter", rows, 2)).toEqual({ kind: "press" });
  expect(actOf("x", rows, 2)).toBeUndefined();
  expect(actOf("Enter", [], 0)).toBeUndefined();
});

it("joins the files of several runs", () => {
  const lists = joinedLists([
    ["", [{ path: "a", file_size: 1 }, { path: "b" }]],
    ["", [{ path: "a", file_size: 2 }, { path: "c" }]],
    ["d", undefined],
  ]);
  expect(lists.get("")?.map((file) => file.path)).toEqual(["a", "b", "c"]);
  expect(lists.get("d")).toEqual([]);
});
