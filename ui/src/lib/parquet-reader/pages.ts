// The values of a column from its pages: plain ones, and those named in a dictionary.
import type { Chunk, ParquetColumn } from "./footer";
import { unsnap } from "./snappy";
import { Compact, type Fields, numberIn, structIn } from "./thrift";

export type Cell = string | number | boolean | null;

const CODECS: Record<number, string> = {
  3: "LZO",
  4: "Brotli",
  5: "LZ4",
  6: "Zstandard",
  7: "LZ4",
};
const PAGE = 64 * 1024 * 1024; // bytes that a page may have
const MOST = 4_000_000; // values of a page
const HEX = 32; // bytes of a value without a meaning that are shown

/** Return the first values of a chunk, as many as its bytes hold and as are wanted. */
export async function readColumn(
  bytes: Uint8Array,
  chunk: Chunk,
  column: ParquetColumn,
  wanted: number,
): Promise<Cell[]> {
  const cells: Cell[] = [];
  let dictionary: Cell[] = [];
  let at = 0;
  while (at < bytes.length && cells.length < Math.min(wanted, chunk.values)) {
    let header: Fields;
    const reader = new Compact(bytes, at);
    try {
      header = reader.struct();
    } catch (error) {
      if (bytes.length < chunk.size) break; // the rest was not fetched
      throw error;
    }
    const size = numberIn(header, 3) ?? 0;
    const body = bytes.subarray(reader.at, reader.at + size);
    if (body.length < size) break;
    at = reader.at + size;
    const kind = numberIn(header, 1);
    if (kind === 2) {
      const page = await unpack(body, chunk.codec, numberIn(header, 2) ?? 0);
      dictionary = plain(page, column, numberIn(structIn(header, 7), 1) ?? 0);
    } else if (kind === 0) {
      for (const cell of await pageOne(header, body, chunk, column, dictionary)) cells.push(cell);
    } else if (kind === 3) {
      for (const cell of await pageTwo(header, body, chunk, column, dictionary)) cells.push(cell);
    }
  }
  return cells.length > wanted ? cells.slice(0, wanted) : cells;
}

async function pageOne(
  header: Fields,
  body: Uint8Array,
  chunk: Chunk,
  column: ParquetColumn,
  dictionary: Cell[],
): Promise<Cell[]> {
  const said = structIn(header, 5);
  const count = numberIn(said, 1) ?? 0;
  if (count > MOST) throw new RangeError("A page is too large to be shown.");
  let page = await unpack(body, chunk.codec, numberIn(header, 2) ?? 0);
  let levels: number[] | undefined;
  if (column.deepest > 0) {
    const length = new DataView(page.buffer, page.byteOffset).getUint32(0, true);
    levels = hybrid(page.subarray(4, 4 + length), bitsFor(column.deepest), count);
    page = page.subarray(4 + length);
  }
  return spread(page, numberIn(said, 2) ?? 0, count, levels, column, dictionary);
}

async function pageTwo(
  header: Fields,
  body: Uint8Array,
  chunk: Chunk,
  column: ParquetColumn,
  dictionary: Cell[],
): Promise<Cell[]> {
  const said = structIn(header, 8);
  const count = numberIn(said, 1) ?? 0;
  const defined = numberIn(said, 5) ?? 0;
  const before = defined + (numberIn(said, 6) ?? 0);
  if (count > MOST) throw new RangeError("A page is too large to be shown.");
  const levels =
    column.deepest > 0
      ? hybrid(body.subarray(before - defined, before), bitsFor(column.deepest), count)
      : undefined;
  const rest = body.subarray(before);
  const page =
    said?.get(7) === false
      ? rest
      : await unpack(rest, chunk.codec, (numberIn(header, 2) ?? 0) - before);
  return spread(page, numberIn(said, 4) ?? 0, count, levels, column, dictionary);
}

/** Return the values of a page, with nulls where the levels say that nothing is. */
function spread(
  page: Uint8Array,
  encoding: number,
  count: number,
  levels: number[] | undefined,
  column: ParquetColumn,
  dictionary: Cell[],
): Cell[] {
  const there = levels
    ? levels.reduce((sum, one) => sum + (one === column.deepest ? 1 : 0), 0)
    : count;
  const values = decoded(page, encoding, there, column, dictionary);
  if (!levels) return values;
  let at = 0;
  return levels.map((level) => {
    if (level !== column.deepest) return null;
    at += 1;
    return values[at - 1] ?? null;
  });
}

function decoded(
  page: Uint8Array,
  encoding: number,
  count: number,
  column: ParquetColumn,
  dictionary: Cell[],
): Cell[] {
  if (encoding === 0) return plain(page, column, count);
  if (encoding === 2 || encoding === 8) {
    if (count === 0) return [];
    return hybrid(page.subarray(1), page[0] ?? 0, count).map((at) => dictionary[at] ?? null);
  }
  if (encoding === 3 && column.type === 0) return hybrid(page.subarray(4), 1, count).map(Boolean);
  throw new RangeError(`Values in the encoding ${encoding} are not read here.`);
}

async function unpack(bytes: Uint8Array, codec: number, size: number): Promise<Uint8Array> {
  if (size > PAGE) throw new RangeError("A page is too large to be shown.");
  if (codec === 0 || bytes.length === 0) return bytes;
  if (codec === 1) return unsnap(bytes, size);
  if (codec === 2) {
    const stream = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }
  throw new RangeError(
    `It is compressed with ${CODECS[codec] ?? `codec ${codec}`}, which browsers do not read.`,
  );
}

function bitsFor(most: number): number {
  return 32 - Math.clz32(most);
}

/** Return numbers of some bits each, written as runs of one or packed by eights. */
export function hybrid(bytes: Uint8Array, bits: number, count: number): number[] {
  const reader = new Compact(bytes);
  const values: number[] = [];
  const wide = Math.ceil(bits / 8);
  while (values.length < count) {
    if (reader.at >= bytes.length) {
      if (bits > 0) throw new RangeError("A page ends too early.");
      values.push(0);
      continue;
    }
    const head = reader.varint();
    if (head % 2 === 0) {
      let value = 0;
      for (let at = wide - 1; at >= 0; at -= 1) value = value * 256 + (bytes[reader.at + at] ?? 0);
      reader.at += wide;
      const run = Math.min(Math.floor(head / 2), count - values.length);
      for (let at = 0; at < run; at += 1) values.push(value);
      continue;
    }
    const groups = Math.floor(head / 2);
    const packed = Math.min(groups * 8, count - values.length);
    for (let at = 0; at < packed; at += 1) values.push(bitsAt(bytes, reader.at, at * bits, bits));
    reader.at += groups * bits;
  }
  return values;
}

function bitsAt(bytes: Uint8Array, from: number, bit: number, bits: number): number {
  let value = 0;
  for (let at = 0; at < bits; at += 1) {
    const place = bit + at;
    if (((bytes[from + (place >> 3)] ?? 0) >> (place & 7)) & 1) value += 2 ** at;
  }
  return value;
}

function plain(page: Uint8Array, column: ParquetColumn, count: number): Cell[] {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const cells: Cell[] = [];
  let at = 0;
  for (let done = 0; done < count; done += 1) {
    switch (column.type) {
      case 0:
        cells.push((((page[done >> 3] ?? 0) >> (done & 7)) & 1) === 1);
        break;
      case 1:
        cells.push(whole(BigInt(view.getInt32(at, true)), column));
        at += 4;
        break;
      case 2:
        cells.push(whole(view.getBigInt64(at, true), column));
        at += 8;
        break;
      case 3: {
        const day = view.getUint32(at + 8, true) - 2_440_588;
        const time = Number(view.getBigInt64(at, true) / 1_000_000n);
        cells.push(moment(day * 86_400_000 + time));
        at += 12;
        break;
      }
      case 4:
        cells.push(Number(view.getFloat32(at, true).toPrecision(8)));
        at += 4;
        break;
      case 5:
        cells.push(view.getFloat64(at, true));
        at += 8;
        break;
      default: {
        const size = column.type === 6 ? view.getUint32(at, true) : column.length;
        if (column.type === 6) at += 4;
        if (at + size > page.length) throw new RangeError("A value has no end.");
        cells.push(bytesText(page.subarray(at, at + size), column));
        at += size;
      }
    }
  }
  return cells;
}

function moment(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().replace(".000Z", "Z");
}

function whole(value: bigint, column: ParquetColumn): Cell {
  switch (column.meaning) {
    case "date":
      return moment(Number(value) * 86_400_000).slice(0, 10);
    case "milliseconds":
      return moment(Number(value));
    case "microseconds":
      return moment(Number(value / 1000n));
    case "nanoseconds":
      return moment(Number(value / 1_000_000n));
    case "decimal":
      return Number(value) / 10 ** column.scale;
    default: {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value.toString();
    }
  }
}

function bytesText(bytes: Uint8Array, column: ParquetColumn): string {
  if (column.meaning === "text") return new TextDecoder().decode(bytes);
  if (column.meaning === "decimal") {
    let value = 0n;
    for (const byte of bytes) value = value * 256n + BigInt(byte);
    return String(Number(BigInt.asIntN(bytes.length * 8, value)) / 10 ** column.scale);
  }
  const text = [...bytes.subarray(0, HEX)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return `0x${text}${bytes.length > HEX ? `… ${bytes.length} bytes` : ""}`;
}
