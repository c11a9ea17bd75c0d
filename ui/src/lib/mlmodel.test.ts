import { expect, it } from "vitest";
import { at, parseMlmodel, textAt } from "./mlmodel";

const FILE = `artifact_path: /tmp/m
flavors:
  python_function:
    env:
      conda: conda.yaml
    loader_module: mlflow.sklearn
    "odd key": "a\\"b\\u0041 \\
      more"
  sklearn:
    code: null
metadata:
  tags:
  - one
  - name: two
    kind: "x"
  empty: {}
model_size_bytes: 15420
signature:
  inputs: '[{"type": "double", "name": "it''s", "required":
    true}, {"type": "double", "name": "b"}]'
  params: null
note: plain words
  that go on
text: |
  first
    second

after: yes # said
utc_time_created: '2026-11-28 14:21:41.133000'
`;

it("reads what MLmodel files are written in", () => {
  const found = parseMlmodel(FILE);
  expect(textAt(found, "artifact_path")).toBe("/tmp/m");
  expect(textAt(found, "flavors", "python_function", "env", "conda")).toBe("conda.yaml");
  expect(textAt(found, "flavors", "python_function", "odd key")).toBe('a"bA more');
  expect(textAt(found, "flavors", "sklearn", "code")).toBe("");
  expect(at(found, "metadata", "tags")).toEqual([
    "one",
    new Map([
      ["name", "two"],
      ["kind", "x"],
    ]),
  ]);
  expect(JSON.parse(textAt(found, "signature", "inputs") ?? "")).toEqual([
    { type: "double", name: "it's", required: true },
    { type: "double", name: "b" },
  ]);
  expect(textAt(found, "note")).toBe("plain words that go on");
  expect(textAt(found, "text")).toBe("first\n  second");
  expect(textAt(found, "after")).toBe("yes");
  expect(textAt(found, "utc_time_created")).toBe("2026-11-28 14:21:41.133000");
});

it("makes text of everything, whatever types a file names", () => {
  const found = parseMlmodel(
    "run: !!js/function 'function(){ alert(1) }'\n__proto__:\n  polluted: 1\nconstructor: !!python/object x\n",
  );
  expect(textAt(found, "run")).toContain("!!js/function");
  expect(textAt(found, "constructor")).toBe("!!python/object x");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

it("comes back from anything", () => {
  const odd = [
    "",
    ":",
    "- ",
    "'",
    '"\\',
    "a: '",
    "a:\n\tb",
    "a: |",
    "- - -",
    "a: &x *x",
    "\0",
    "? a\n: b",
  ];
  for (const text of odd) expect(parseMlmodel(text)).toBeInstanceOf(Map);
  const deep = Array.from({ length: 5000 }, (_, at) => `${" ".repeat(at)}k:`).join("\n");
  expect(parseMlmodel(deep)).toBeInstanceOf(Map);
  expect(parseMlmodel(`a: ${"x".repeat(100_000)}`)).toBeInstanceOf(Map);
});
