// A notebook as cells: of what it holds only what cannot run.

export type Output =
  | { kind: "text"; text: string; isError: boolean }
  | { kind: "image"; source: string }
  | { kind: "left out"; what: string };

export interface Cell {
  kind: "markdown" | "code" | "raw";
  source: string;
  count: number | undefined;
  outputs: Output[];
}

const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join("") : typeof value === "string" ? value : "";

/** Return the cells of a notebook and its language; undefined where it is none. */
export function notebookOf(document: unknown): { language: string; cells: Cell[] } | undefined {
  const fields = fieldsOf(document);
  if (!Array.isArray(fields["cells"])) return undefined;
  const metadata = fieldsOf(fields["metadata"]);
  const language =
    textOf(fieldsOf(metadata["language_info"])["name"]) ||
    textOf(fieldsOf(metadata["kernelspec"])["language"]) ||
    "python";
  return { language, cells: fields["cells"].map(cellOf) };
}

function cellOf(value: unknown): Cell {
  const cell = fieldsOf(value);
  const kind = cell["cell_type"];
  const count = cell["execution_count"];
  return {
    kind: kind === "markdown" || kind === "code" ? kind : "raw",
    source: textOf(cell["source"]),
    count: typeof count === "number" ? count : undefined,
    outputs: listOf(cell["outputs"]).flatMap(outputsOf),
  };
}

function outputsOf(value: unknown): Output[] {
  const output = fieldsOf(value);
  if (output["output_type"] === "stream") {
    const isError = output["name"] === "stderr";
    return [{ kind: "text", text: textOf(output["text"]), isError }];
  }
  if (output["output_type"] === "error") {
    const trace = listOf(output["traceback"]).map(String).join("\n");
    const text = trace || `${textOf(output["ename"])}: ${textOf(output["evalue"])}`;
    return [{ kind: "text", text, isError: true }];
  }
  const data = fieldsOf(output["data"]);
  for (const kind of IMAGES) {
    const content = textOf(data[kind]).replaceAll(/\s/g, "");
    if (/^[A-Za-z0-9+/]+=*$/.test(content)) {
      return [{ kind: "image", source: `data:${kind};base64,${content}` }];
    }
  }
  const text = textOf(data["text/plain"]);
  const left = Object.keys(data).filter((one) => one !== "text/plain");
  return [
    ...(text ? [{ kind: "text", text, isError: false } as const] : []),
    ...(left.length > 0 ? [{ kind: "left out", what: left.join(", ") } as const] : []),
  ];
}
