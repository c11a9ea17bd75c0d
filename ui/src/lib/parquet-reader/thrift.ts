// The compact protocol, in which Parquet says what a file holds: fields by number.

export type Value = number | boolean | Uint8Array | Value[] | Fields;
export type Fields = Map<number, Value>;

const DEEPEST = 24;

/** Reads values from bytes; what goes past their end is an error. */
export class Compact {
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new RangeError("The file ends too early.");
    this.at += 1;
    return value;
  }

  /** Return a number of variable length; exact below 2^53. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw new RangeError("A number has no end.");
  }

  private zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Return the fields of a struct. */
  struct(depth = 0): Fields {
    if (depth > DEEPEST) throw new RangeError("The description is too deep.");
    const fields: Fields = new Map();
    let id = 0;
    for (;;) {
      const head = this.byte();
      if (head === 0) return fields;
      const kind = head & 15;
      id = head >> 4 ? id + (head >> 4) : this.zigzag();
      fields.set(id, this.value(kind, depth, false));
    }
  }

  private value(kind: number, depth: number, isItem: boolean): Value {
    switch (kind) {
      case 1:
      case 2:
        return isItem ? this.byte() === 1 : kind === 1;
      case 3:
        return this.byte();
      case 4:
      case 5:
      case 6:
        return this.zigzag();
      case 7: {
        const value = this.view.getFloat64(this.at, true);
        this.at += 8;
        return value;
      }
      case 8: {
        const length = this.varint();
        if (this.at + length > this.bytes.length) throw new RangeError("A text has no end.");
        this.at += length;
        return this.bytes.subarray(this.at - length, this.at);
      }
      case 9:
      case 10: {
        const head = this.byte();
        const count = head >> 4 === 15 ? this.varint() : head >> 4;
        if (count > this.bytes.length) throw new RangeError("A list has no end.");
        return Array.from({ length: count }, () => this.value(head & 15, depth + 1, true));
      }
      case 11: {
        const count = this.varint();
        const kinds = count ? this.byte() : 0;
        if (count > this.bytes.length) throw new RangeError("A map has no end.");
        return Array.from({ length: count }, () => [
          this.value(kinds >> 4, depth + 1, true),
          this.value(kinds & 15, depth + 1, true),
        ]);
      }
      case 12:
        return this.struct(depth + 1);
      default:
        throw new RangeError(`There is no kind ${kind} of value.`);
    }
  }
}

/** Return a field that is a number. */
export function numberIn(fields: Fields | undefined, id: number): number | undefined {
  const value = fields?.get(id);
  return typeof value === "number" ? value : undefined;
}

/** Return a field that is a struct. */
export function structIn(fields: Fields | undefined, id: number): Fields | undefined {
  const value = fields?.get(id);
  return value instanceof Map ? value : undefined;
}

/** Return the structs of a field that is a list. */
export function structsIn(fields: Fields | undefined, id: number): Fields[] {
  const value = fields?.get(id);
  return Array.isArray(value) ? value.filter((one) => one instanceof Map) : [];
}

/** Return a field that is a text. */
export function textIn(fields: Fields | undefined, id: number): string {
  const value = fields?.get(id);
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
}
