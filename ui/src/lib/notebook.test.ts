import { expect, it } from "vitest";
import { notebookOf } from "./notebook";

it("reads cells and what they gave", () => {
  const book = notebookOf({
    cells: [
      { cell_type: "markdown", source: ["# A\n", "b"] },
      {
        cell_type: "code",
        source: "x",
        execution_count: 2,
        outputs: [
          { output_type: "stream", name: "stderr", text: ["bad"] },
          { output_type: "display_data", data: { "image/png": "aGk=\n" } },
          { output_type: "execute_result", data: { "text/html": "<b>", "text/plain": "x" } },
          { output_type: "error", ename: "E", evalue: "v" },
        ],
      },
    ],
  });
  expect(book?.language).toBe("python");
  expect(book?.cells[0]).toMatchObject({ kind: "markdown", source: "# A\nb" });
  expect(book?.cells[1]?.outputs).toEqual([
    { kind: "text", text: "bad", isError: true },
    { kind: "image", source: "data:image/png;base64,aGk=" },
    { kind: "text", text: "x", isError: false },
    { kind: "left out", what: "text/html" },
    { kind: "text", text: "E: v", isError: true },
  ]);
});

it("takes any document without a fault", () => {
  for (const odd of [null, 3, [], {}, { cells: 3 }, { cells: [null, 3, { outputs: [1, {}] }] }]) {
    expect(() => notebookOf(odd)).not.toThrow();
  }
  const image = { data: { "image/png": 'x" onerror="alert(1)' } };
  expect(notebookOf({ cells: [{ outputs: [image] }] })?.cells[0]?.outputs).toEqual([
    { kind: "left out", what: "image/png" },
  ]);
});
