// What a Parquet file says of itself: its columns, and where their parts lie.
import { type CompressionCodec, parquetMetadata, type SchemaElement } from "hyparquet";
import { checkStruct, damaged } from "./checks";

export interface ParquetColumn {
  name: string;
  type: string; // in words
  isNumber: boolean;
  elements: SchemaElement[]; // itself, and what it is made of
  first: number; // of its chunks in a group
  chunks: number;
}

export interface Chunk {
  start: number;
  size: number;
  codec: CompressionCodec | undefined; // none where it is encrypted
  values: number;
}

export interface ParquetFile {
  columns: ParquetColumn[];
  rows: number;
  groups: { rows: number; chunks: Chunk[] }[];
}

const DEEPEST = 24;
const TAIL = 8; // bytes of the length and the mark

/** Return what the end of a file says, from its description to its last byte. */
export function parseFooter(bytes: Uint8Array): ParquetFile {
  checkStruct(bytes.subarray(0, -TAIL));
  const { schema, num_rows, row_groups } = parquetMetadata(bytes, { geoparquet: false });
  return {
    columns: columnsOf(schema),
    rows: Number(num_rows),
    groups: row_groups.map((group) => ({
      rows: Number(group.num_rows),
      chunks: group.columns.map(({ meta_data: data }) => {
        if (!data) return { start: 0, size: 0, codec: undefined, values: 0 };
        const first = Number(data.data_page_offset);
        const dictionary = Number(data.dictionary_page_offset ?? 0);
        // Some writers say 0 where there is no dictionary.
        const start = dictionary > 0 ? Math.min(dictionary, first) : first;
        const size = Number(data.total_compressed_size);
        if (!(start >= 0 && size >= 0)) throw damaged();
        return { start, size, codec: data.codec, values: Number(data.num_values) };
      }),
    })),
  };
}

function columnsOf(schema: SchemaElement[]): ParquetColumn[] {
  const columns: ParquetColumn[] = [];
  let at = 1;
  let leaves = 0;
  const walk = (depth: number): void => {
    const element = schema[at];
    if (!element || depth > DEEPEST) throw damaged();
    at += 1;
    if (element.num_children === undefined || element.num_children === 0) leaves += 1;
    for (let child = 0; child < (element.num_children ?? 0); child += 1) walk(depth + 1);
  };
  while (at < schema.length) {
    const [start, first] = [at, leaves];
    walk(1);
    const elements = schema.slice(start, at);
    columns.push({
      name: elements[0]?.name ?? "",
      type: typeOf(elements),
      isNumber: elements.length === 1 && isNumber(elements[0]),
      elements,
      first,
      chunks: leaves - first,
    });
  }
  return columns;
}

function isNumber(element: SchemaElement | undefined): boolean {
  const numbers = ["INT32", "INT64", "FLOAT", "DOUBLE"];
  const meaning = meaningOf(element);
  if (meaning === "DECIMAL" || meaning === "FLOAT16") return true;
  return numbers.includes(element?.type ?? "") && (meaning === "" || meaning === "INTEGER");
}

/** Return what a value means beside its physical type: the word of its logical type, or none. */
export function meaningOf(element: SchemaElement | undefined): string {
  const { logical_type: logical, converted_type: converted } = element ?? {};
  if (logical?.type) return logical.type;
  if (!converted) return "";
  if (converted === "UTF8") return "STRING";
  if (/^U?INT_/.test(converted)) return "INTEGER";
  return converted.replace(/_(MILLIS|MICROS)$/, "").replace("MAP_KEY_VALUE", "MAP");
}

function typeOf(elements: SchemaElement[]): string {
  const [top] = elements;
  const meaning = meaningOf(top).toLowerCase();
  if ((top?.num_children ?? 0) > 0) return meaning || "struct";
  const zone = top?.logical_type?.type === "TIMESTAMP" && top.logical_type.isAdjustedToUTC;
  const word = ["", "integer"].includes(meaning) ? (top?.type ?? "").toLowerCase() : meaning;
  const known = word.replace("fixed_len_byte_array", "binary").replace("byte_array", "binary");
  return `${top?.repetition_type === "REPEATED" ? "list of " : ""}${known}${zone ? ", UTC" : ""}`;
}
