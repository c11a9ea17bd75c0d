// What a Parquet file says of itself: its columns, and where their parts lie.
import { Compact, type Fields, numberIn, structIn, structsIn, textIn } from "./thrift";

export interface ParquetColumn {
  name: string;
  type: number; // physical
  length: number; // of a fixed one
  meaning: "" | "text" | "date" | "milliseconds" | "microseconds" | "nanoseconds" | "decimal";
  scale: number;
  deepest: number; // definition level of a value that is there
  isList: boolean; // which is not shown
}

export interface Chunk {
  start: number;
  size: number;
  codec: number;
  values: number;
}

export interface ParquetFile {
  columns: ParquetColumn[];
  rows: number;
  groups: { rows: number; chunks: Chunk[] }[];
}

const MAGIC = "PAR1";

/** Return how long the footer is, from the last eight bytes of a file. */
export function footerLength(end: Uint8Array): number {
  if (end.length < 8 || new TextDecoder().decode(end.subarray(-4)) !== MAGIC) {
    throw new RangeError("This is no Parquet file, or one that is encrypted.");
  }
  return new DataView(end.buffer, end.byteOffset + end.length - 8, 4).getUint32(0, true);
}

/** Return what a footer says, without its length and mark. */
export function parseFooter(bytes: Uint8Array): ParquetFile {
  const fields = new Compact(bytes).struct();
  return {
    columns: columnsOf(structsIn(fields, 2)),
    rows: numberIn(fields, 3) ?? 0,
    groups: structsIn(fields, 4).map((group) => ({
      rows: numberIn(group, 3) ?? 0,
      chunks: structsIn(group, 1).map((column) => chunkOf(structIn(column, 3))),
    })),
  };
}

function chunkOf(data: Fields | undefined): Chunk {
  const first = numberIn(data, 9) ?? 0;
  const dictionary = numberIn(data, 11) ?? 0;
  return {
    // Some writers say 0 where there is no dictionary.
    start: dictionary > 0 ? Math.min(dictionary, first) : first,
    size: numberIn(data, 7) ?? 0,
    codec: numberIn(data, 4) ?? 0,
    values: numberIn(data, 5) ?? 0,
  };
}

function columnsOf(schema: Fields[]): ParquetColumn[] {
  const columns: ParquetColumn[] = [];
  let at = 1;
  const walk = (path: string[], deepest: number, isList: boolean) => {
    const element = schema[at];
    if (!element) return;
    at += 1;
    const repetition = numberIn(element, 3) ?? 0;
    const here = [...path, textIn(element, 4)];
    const level = deepest + (repetition === 0 ? 0 : 1);
    const lists = isList || repetition === 2;
    const children = numberIn(element, 5) ?? 0;
    if (children > 0) {
      for (let child = 0; child < children; child += 1) walk(here, level, lists);
      return;
    }
    columns.push({
      name: here.join("."),
      type: numberIn(element, 1) ?? 0,
      length: numberIn(element, 2) ?? 0,
      meaning: meaningOf(element),
      scale: numberIn(element, 7) ?? numberIn(structIn(structIn(element, 10), 5), 1) ?? 0,
      deepest: level,
      isList: lists,
    });
  };
  while (at < schema.length) walk([], 0, false);
  return columns;
}

function meaningOf(element: Fields): ParquetColumn["meaning"] {
  const logical = structIn(element, 10);
  const unit = structIn(structIn(logical, 8), 2);
  if (unit?.has(1)) return "milliseconds";
  if (unit?.has(2)) return "microseconds";
  if (unit?.has(3)) return "nanoseconds";
  switch (numberIn(element, 6)) {
    case 0:
    case 4:
    case 19:
      return "text";
    case 5:
      return "decimal";
    case 6:
      return "date";
    case 9:
      return "milliseconds";
    case 10:
      return "microseconds";
    default:
      if (logical?.has(1) || logical?.has(4)) return "text";
      if (logical?.has(5)) return "decimal";
      return logical?.has(6) ? "date" : "";
  }
}
