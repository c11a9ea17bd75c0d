// What a model takes and gives: its schema in words, and a request that fits it.

/** A column, a tensor or a param as MLmodel files write it. */
export interface Spec {
  name?: string;
  type?: string | Spec; // an object in params of objects
  required?: boolean;
  optional?: boolean; // how older files say it
  items?: Spec;
  values?: Spec;
  properties?: Record<string, Spec>;
  default?: unknown;
  shape?: number[] | null;
  "tensor-spec"?: { dtype?: string; shape?: number[] };
}

export interface Signature {
  inputs: Spec[];
  outputs: Spec[];
  params: Spec[];
}

/** Return the specs of a schema's text; nothing where it is none. */
export function specsIn(text: string | undefined): Spec[] {
  try {
    const found: unknown = JSON.parse(text || "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one === "object" && one) : [];
  } catch {
    return [];
  }
}

/** Return a type in words. */
export function typeText(spec: Spec): string {
  const tensor = spec["tensor-spec"];
  if (tensor) return `tensor of ${tensor.dtype} ${shapeText(tensor.shape ?? [])}`;
  if (typeof spec.type === "object") return typeText(spec.type);
  if (spec.type === "array") return `list of ${typeText(spec.items ?? {})}`;
  if (spec.type === "map") return `map of ${typeText(spec.values ?? {})}`;
  if (spec.type === "object") {
    const parts = Object.entries(spec.properties ?? {}).map(
      ([name, one]) => `${name}${isNeeded(one) ? "" : "?"}: ${typeText(one)}`,
    );
    return `{${parts.join(", ")}}`;
  }
  return String(spec.type ?? "anything");
}

function shapeText(shape: number[]): string {
  return `(${shape.map((one) => (one < 0 ? "any" : one)).join(", ")})`;
}

/** Return whether a value must be given. */
export function isNeeded(spec: Spec): boolean {
  return spec.required !== false && spec.optional !== true;
}

const EXAMPLES: Record<string, unknown> = {
  boolean: true,
  string: "text",
  binary: "",
  datetime: "2026-01-01T00:00:00",
};

/** Return a value of a type. */
function exampleOf(spec: Spec): unknown {
  const tensor = spec["tensor-spec"];
  if (tensor) return tensorOf(tensor.shape ?? [], tensor.dtype ?? "");
  if (typeof spec.type === "object") return exampleOf(spec.type);
  if (spec.type === "array") return [exampleOf(spec.items ?? {})];
  if (spec.type === "map") return { key: exampleOf(spec.values ?? {}) };
  if (spec.type === "object") {
    return Object.fromEntries(
      Object.entries(spec.properties ?? {}).map(([name, one]) => [name, exampleOf(one)]),
    );
  }
  return EXAMPLES[String(spec.type)] ?? 0;
}

const LONGEST = 1000; // numbers of a tensor that is written out

function tensorOf(shape: number[], dtype: string): unknown {
  const sizes = shape.map((one) => (one < 0 ? 1 : one));
  const one = /^(str|object|<U)/.test(dtype) ? "text" : dtype === "bool" ? true : 0;
  if (sizes.reduce((product, size) => product * size, 1) > LONGEST) return [one];
  return sizes.reduceRight<unknown>(
    (inner, size) => Array.from({ length: size }, () => inner),
    one,
  );
}

/** Return a request of the scoring server that fits a signature. */
export function requestFor({ inputs, params }: Signature): Record<string, unknown> {
  const given = params.length
    ? { params: Object.fromEntries(params.map((one) => [one.name ?? "", one.default ?? null])) }
    : {};
  if (inputs.some((one) => one["tensor-spec"])) {
    const [first] = inputs;
    const isNamed = inputs.length > 1 || first?.name;
    const value = isNamed
      ? Object.fromEntries(inputs.map((one) => [one.name ?? "", exampleOf(one)]))
      : exampleOf(first ?? {});
    return { inputs: value, ...given };
  }
  if (inputs.length > 0 && inputs.every((one) => one.name)) {
    return {
      dataframe_split: {
        columns: inputs.map((one) => one.name),
        data: [inputs.map(exampleOf)],
      },
      ...given,
    };
  }
  return { inputs: inputs.map(exampleOf), ...given };
}

/** Return a text as a shell takes it for one word. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Return a value of JSON as Python writes it. */
export function pythonOf(value: unknown, indent = ""): string {
  return written(value, indent, { true: "True", false: "False", null: "None" }, ",");
}

/** Return a value as JSON that people read: lists of plain values stay on one line. */
export function jsonOf(value: unknown): string {
  return written(value, "", { true: "true", false: "false", null: "null" }, "");
}

type Words = Record<"true" | "false" | "null", string>;

function written(value: unknown, indent: string, words: Words, last: string): string {
  if (value === null || value === undefined) return words.null;
  if (typeof value === "boolean") return words[`${value}`];
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  ${last ? "  " : ""}`;
  const lines = (all: string[]) => `${all.map((one) => inner + one).join(",\n")}${last}\n${indent}`;
  if (Array.isArray(value)) {
    const isFlat = value.every((one) => typeof one !== "object" || one === null);
    const parts = value.map((one) => written(one, inner, words, last));
    return isFlat ? `[${parts.join(", ")}]` : `[\n${lines(parts)}]`;
  }
  const parts = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)}: ${written(one, inner, words, last)}`,
  );
  return parts.length === 0 ? "{}" : `{\n${lines(parts)}}`;
}

/** Return the table of one row that a request holds, where it holds one. */
export function rowIn(request: unknown): { columns: string[]; row: unknown[] } | undefined {
  const split = (request as { dataframe_split?: { columns?: unknown; data?: unknown } } | null)
    ?.dataframe_split;
  if (!split || !Array.isArray(split.columns) || !Array.isArray(split.data)) return undefined;
  const row: unknown = split.data[0];
  if (!Array.isArray(row) || row.some((one) => typeof one === "object" && one !== null)) {
    return undefined;
  }
  return { columns: split.columns.map(String), row };
}
