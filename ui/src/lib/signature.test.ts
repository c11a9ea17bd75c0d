import { expect, it } from "vitest";
import { jsonOf, pythonOf, requestFor, rowIn, shellQuoted, specsIn, typeText } from "./signature";

it("says types in words", () => {
  const specs = specsIn(
    JSON.stringify([
      { type: "double", name: "a" },
      { type: "tensor", "tensor-spec": { dtype: "float32", shape: [-1, 28, 28] } },
      { type: "array", items: { type: "string" } },
      {
        type: "object",
        properties: {
          x: { type: "long", required: true },
          y: { type: "map", values: { type: "boolean" }, required: false },
        },
      },
    ]),
  );
  expect(specs.map(typeText)).toEqual([
    "double",
    "tensor of float32 (any, 28, 28)",
    "list of string",
    "{x: long, y?: map of boolean}",
  ]);
  for (const text of ["", undefined, "{", "null", "3", "[1]"]) expect(specsIn(text)).toEqual([]);
});

it("makes a request that fits", () => {
  const columns = specsIn('[{"type":"double","name":"a"},{"type":"string","name":"b"}]');
  const params = specsIn('[{"name":"t","type":"float","default":0.5,"shape":null}]');
  const request = requestFor({ inputs: columns, outputs: [], params });
  expect(request).toEqual({
    dataframe_split: { columns: ["a", "b"], data: [[0, "text"]] },
    params: { t: 0.5 },
  });
  expect(rowIn(request)).toEqual({ columns: ["a", "b"], row: [0, "text"] });
  const tensor = specsIn('[{"type":"tensor","tensor-spec":{"dtype":"float32","shape":[-1,2]}}]');
  expect(requestFor({ inputs: tensor, outputs: [], params: [] })).toEqual({ inputs: [[0, 0]] });
  const huge = specsIn(
    '[{"type":"tensor","tensor-spec":{"dtype":"int8","shape":[100000,100000]}}]',
  );
  expect(requestFor({ inputs: huge, outputs: [], params: [] })).toEqual({ inputs: [0] });
  const words = specsIn('[{"type":"string"}]');
  expect(requestFor({ inputs: words, outputs: [], params: [] })).toEqual({ inputs: ["text"] });
  expect(rowIn({ inputs: [] })).toBeUndefined();
  expect(rowIn({ dataframe_split: { columns: ["a"], data: [[[1]]] } })).toBeUndefined();
});

it("quotes for shells and for Python", () => {
  expect(shellQuoted("it's")).toBe("'it'\\''s'");
  expect(pythonOf({ a: [1, true, null], b: 'x"y' })).toBe(
    '{\n    "a": [1, True, None],\n    "b": "x\\"y",\n}',
  );
  expect(pythonOf([[1], [2]])).toBe("[\n    [1],\n    [2],\n]");
  expect(pythonOf({})).toBe("{}");
});

it("writes JSON that people read and programs too", () => {
  const value = { a: [1, 2, null], b: [[1], [true]], c: { d: "x" }, e: {} };
  expect(jsonOf(value)).toBe(
    '{\n  "a": [1, 2, null],\n  "b": [\n    [1],\n    [true]\n  ],\n  "c": {\n    "d": "x"\n  },\n  "e": {}\n}',
  );
  expect(JSON.parse(jsonOf(value))).toEqual(value);
});
