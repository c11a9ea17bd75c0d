// A small Parquet file: one row group, plain pages, nothing compressed. Loaded when one is wanted.
// Format: https://github.com/apache/parquet-format; the headers are Thrift in its compact protocol.
import type { Sheet } from "./export";

const MAGIC = [0x50, 0x41, 0x52, 0x31];
const DOUBLE = 5;
const BYTE_ARRAY = 6;
const PLAIN = 0;
const RLE = 3;
const [I32, I64, BINARY, LIST, STRUCT] = [5, 6, 8, 9, 12];

type Bytes = number[];

class Thrift {
  readonly bytes: Bytes = [];
  private last = 0;

  private varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.bytes.push((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.bytes.push(rest);
  }

  private head(id: number, type: number): void {
    this.bytes.push(((id - this.last) << 4) | type);
    this.last = id;
  }

  int(id: number, value: number, type: number = I32): this {
    this.head(id, type);
    this.varint(value * 2); // zigzag of what is not negative
    return this;
  }

  text(id: number, value: string): this {
    this.head(id, BINARY);
    this.put(value);
    return this;
  }

  private put(value: string): void {
    const encoded = new TextEncoder().encode(value);
    this.varint(encoded.length);
    this.bytes.push(...encoded);
  }

  struct(id: number, other: Thrift): this {
    this.head(id, STRUCT);
    append(this.bytes, other.end());
    return this;
  }

  list(id: number, type: number, count: number): this {
    this.head(id, LIST);
    if (count < 15) this.bytes.push((count << 4) | type);
    else {
      this.bytes.push(0xf0 | type);
      this.varint(count);
    }
    return this;
  }

  structs(id: number, others: Thrift[]): this {
    this.list(id, STRUCT, others.length);
    for (const other of others) append(this.bytes, other.end());
    return this;
  }

  ints(id: number, values: number[]): this {
    this.list(id, I32, values.length);
    for (const value of values) this.varint(value * 2);
    return this;
  }

  texts(id: number, values: string[]): this {
    this.list(id, BINARY, values.length);
    for (const value of values) this.put(value);
    return this;
  }

  end(): Bytes {
    return [...this.bytes, 0];
  }
}

function append(to: Bytes, more: ArrayLike<number>): void {
  for (let at = 0; at < more.length; at += 1) to.push(more[at] ?? 0);
}

/** Return which values are there, as definition levels of one bit, packed in eights. */
function levels(present: boolean[]): Bytes {
  const groups = Math.ceil(present.length / 8);
  const bytes: Bytes = [];
  let head = groups * 2 + 1;
  while (head > 127) {
    bytes.push((head % 128) | 128);
    head = Math.floor(head / 128);
  }
  bytes.push(head);
  for (let group = 0; group < groups; group += 1) {
    let packed = 0;
    for (let bit = 0; bit < 8; bit += 1) if (present[group * 8 + bit]) packed |= 1 << bit;
    bytes.push(packed);
  }
  return [...int32(bytes.length), ...bytes];
}

function int32(value: number): Bytes {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255];
}

type Values = (string | number | undefined)[];

function body(values: Values, isNumber: boolean): Bytes {
  const bytes = levels(values.map((value) => value !== undefined));
  const encoder = new TextEncoder();
  for (const value of values) {
    if (value === undefined) continue;
    if (isNumber) append(bytes, new Uint8Array(new Float64Array([Number(value)]).buffer));
    else {
      const encoded = encoder.encode(String(value));
      append(bytes, int32(encoded.length));
      append(bytes, encoded);
    }
  }
  return bytes;
}

/** Return a sheet as a Parquet file: numbers as DOUBLE, all else as STRING, what is missing as null. */
export function parquetOf({ names, columns }: Sheet): Uint8Array<ArrayBuffer> {
  const rows = columns[0]?.length ?? 0;
  const parts: Bytes[] = [MAGIC];
  let offset = MAGIC.length;
  const chunks: Thrift[] = [];
  const fields: Thrift[] = [new Thrift().text(4, "schema").int(5, names.length)];
  for (const [at, values] of columns.entries()) {
    const name = names[at] ?? "";
    const isNumber = values.every((value) => typeof value !== "string");
    const type = isNumber ? DOUBLE : BYTE_ARRAY;
    const field = new Thrift().int(1, type).int(3, 1).text(4, name);
    fields.push(isNumber ? field : field.int(6, 0)); // UTF8
    const data = body(values, isNumber);
    const page = new Thrift()
      .int(1, 0)
      .int(2, data.length)
      .int(3, data.length)
      .struct(5, new Thrift().int(1, rows).int(2, PLAIN).int(3, RLE).int(4, RLE))
      .end();
    const size = page.length + data.length;
    const meta = new Thrift()
      .int(1, type)
      .ints(2, [PLAIN, RLE])
      .texts(3, [name])
      .int(4, 0)
      .int(5, rows, I64)
      .int(6, size, I64)
      .int(7, size, I64)
      .int(9, offset, I64);
    chunks.push(new Thrift().int(2, offset, I64).struct(3, meta));
    parts.push(page, data);
    offset += size;
  }
  const group = new Thrift()
    .structs(1, chunks)
    .int(2, offset - MAGIC.length, I64)
    .int(3, rows, I64);
  const footer = new Thrift()
    .int(1, 1)
    .structs(2, fields)
    .int(3, rows, I64)
    .structs(4, rows > 0 ? [group] : [])
    .text(6, "Headrace")
    .end();
  parts.push(footer, int32(footer.length), MAGIC);
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    file.set(part, place);
    place += part.length;
  }
  return file;
}
