import { expect, it } from "vitest";
import { highlight, languageOf } from "./highlight";

const joined = (text: string, language: string) =>
  highlight(text, language)
    .map((line) => line.map(([piece]) => piece).join(""))
    .join("\n");

it("marks words, strings, comments and numbers", () => {
  const [first, second] = highlight("def f(x=1):  # why\n  return 'a'", "py");
  expect(first).toEqual([
    ["def", "keyword"],
    [" f(x=", undefined],
    ["1", "number"],
    ["):  ", undefined],
    ["# why", "comment"],
  ]);
  expect(second?.at(-1)).toEqual(["'a'", "string"]);
});

it("carries strings over lines", () => {
  const lines = highlight('"""a\nb"""\nc', "py");
  expect(lines[1]).toEqual([['b"""', "string"]]);
  expect(lines[2]).toEqual([["c", undefined]]);
});

it("tells keys of documents from their values", () => {
  expect(highlight('{"a": "b"}', "json")[0]).toContainEqual(['"a"', "name"]);
  expect(highlight("flavors:\n  python: 3", "yaml")[1]).toContainEqual(["python", "name"]);
});

it("marks what a diff adds and takes away", () => {
  const marks = highlight("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n z", "diff").map(
    (line) => line[0]?.[1],
  );
  expect(marks).toEqual(["comment", "comment", "at", "removed", "added", undefined]);
});

it("loses no character of any text", () => {
  const texts = [
    "",
    "\n\n",
    "'unclosed",
    "/* never",
    '"""',
    "\\",
    "<a b='c'>&</a>",
    "💥 = `x`\n\t#!",
  ];
  for (const language of ["py", "js", "sh", "sql", "yaml", "json", "html", "diff", ""]) {
    for (const text of texts) expect(joined(text, language)).toBe(text);
  }
});

it("reads the language off a name", () => {
  expect(languageOf("model/MLmodel")).toBe("mlmodel");
  expect(languageOf("Dockerfile")).toBe("dockerfile");
  expect(languageOf("a.b/read.me")).toBe("");
  expect(languageOf("x.constructor")).toBe("");
});

it("takes no long time for what is made to take one", () => {
  const began = process.cpuUsage(); // not the clock: others use the machine too
  const ugly = ["/*".repeat(50_000), '"""'.repeat(50_001), "-".repeat(50_000), "a.".repeat(50_000)];
  for (const text of ugly) for (const name of ["py", "js", "yaml", "json"]) highlight(text, name);
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(3000);
}, 60_000);
