// What the library would believe: counts and lengths that would make it allocate or run without end.
// Format: https://github.com/apache/parquet-format; headers are Thrift in its compact protocol.
import type { Encoding, ParquetType } from "hyparquet";
import { deltaBinaryUnpack } from "hyparquet/src/delta.js";

export const MOST_VALUES = 2_000_000; // of a page, and of what is read of a column
const MOST_FIELDS = 4_000_000; // of a description
const DEEPEST = 24;
const WIDEST = 64; // bytes of a value that is split into streams
const LARGEST = 64 * 1024 * 1024; // bytes that values take which share their beginnings

/** A file is not read, for a reason that can be told. */
export class Unreadable extends Error {}

/** Bytes are missing: the file is damaged, or not all of it was fetched. */
export class EndsEarly extends Unreadable {
  constructor() {
    super("The file ends too early.");
  }
}

export function damaged(): Unreadable {
  return new Unreadable("This file is damaged.");
}

export function tooLarge(what: string): Unreadable {
  return new Unreadable(`${what} is too large to be shown.`);
}

class Walk {
  private fields = 0;

  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
  ) {}

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new EndsEarly();
    this.at += 1;
    return value;
  }

  varint(longest = 5): number {
    let value = 0;
    for (let count = 0; count < longest; count += 1) {
      const byte = this.byte();
      value += (byte & 127) * 128 ** count;
      if (byte < 128) return value;
    }
    throw damaged();
  }

  private skip(length: number): void {
    if (length > this.bytes.length - this.at) throw new EndsEarly();
    this.at += length;
  }

  struct(depth = 0): void {
    if (depth > DEEPEST) throw damaged();
    for (let head = this.byte(); head !== 0; head = this.byte()) {
      if (head >> 4 === 0) this.varint();
      if ((head & 15) > 2) this.value(head & 15, depth);
    }
  }

  private value(kind: number, depth: number): void {
    this.fields += 1;
    if (this.fields > MOST_FIELDS) throw tooLarge("The description of this file");
    if (depth > DEEPEST) throw damaged();
    if (kind <= 3) this.skip(1);
    else if (kind <= 5) this.varint();
    else if (kind === 6) this.varint(10);
    else if (kind === 7) this.skip(8);
    else if (kind === 8) this.skip(this.varint());
    else if (kind === 12) this.struct(depth + 1);
    else if (kind === 9) {
      const head = this.byte();
      const count = head >> 4 === 15 ? this.varint() : head >> 4;
      // Each takes a byte at least.
      if (count > this.bytes.length - this.at) throw new EndsEarly();
      for (let item = 0; item < count; item += 1) this.value(head & 15, depth + 1);
    } else throw damaged();
  }
}

/** Return where a struct ends, after all that it says of lengths was found true. */
export function checkStruct(bytes: Uint8Array, at = 0): number {
  const walk = new Walk(bytes, at);
  walk.struct();
  return walk.at;
}

/** Refuse runs that are longer than anything that is read. */
export function checkRuns(bytes: Uint8Array, bits: number, count: number): void {
  if (bits > 32) throw damaged();
  const walk = new Walk(bytes);
  for (let seen = 0; seen < count && walk.at < bytes.length; ) {
    const head = walk.varint();
    const isPacked = head % 2 === 1;
    const length = isPacked ? (head - 1) * 4 : head / 2;
    if (length > MOST_VALUES + 8) throw damaged();
    walk.at += isPacked ? (length * bits) / 8 : Math.ceil(bits / 8);
    seen += length;
  }
}

/** Refuse values that could not be those of a page. */
export function checkValues(
  bytes: Uint8Array,
  encoding: Encoding,
  column: { type: ParquetType; width: number },
  count: number,
): void {
  if (count === 0) return;
  if (encoding.endsWith("_DICTIONARY")) checkRuns(bytes.subarray(1), bytes[0] ?? 0, count);
  else if (encoding === "RLE") checkRuns(bytes.subarray(4), 1, count);
  else if (encoding === "BYTE_STREAM_SPLIT" && column.width > WIDEST) throw damaged();
  else if (encoding === "DELTA_BYTE_ARRAY") {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const reader = { view, offset: 0 };
    let size = 0;
    for (let part = 0; part < 2; part += 1) {
      checkDelta(bytes.subarray(reader.offset));
      const lengths = new Int32Array(count);
      deltaBinaryUnpack(reader, count, lengths);
      for (const length of lengths) size += Math.abs(length);
    }
    if (size > LARGEST) throw tooLarge("A page");
  } else if (encoding.startsWith("DELTA_")) checkDelta(bytes);
}

/** Refuse blocks of differences that do not lead forward. */
function checkDelta(bytes: Uint8Array): void {
  const walk = new Walk(bytes);
  const block = walk.varint();
  const parts = walk.varint();
  if (parts === 0 || block > MOST_VALUES || block % (parts * 8) !== 0) throw damaged();
}
