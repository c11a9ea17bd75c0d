// Values as texts: numbers and times exactly, what is nested nearly as JSON writes it.
import type { SchemaElement, SchemaTree } from "hyparquet";
import { parseFloat16 } from "hyparquet/src/convert.js";
import { isListLike } from "hyparquet/src/schema.js";
import { meaningOf } from "./footer";

const LONGEST = 100_000; // characters of a cell
const HEX = 32; // bytes of a value without a meaning that are shown
const DIGITS = 76; // of a decimal
const DAY = 86_400_000;
const PER_SECOND = { MILLIS: 1000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n };

/** Return the text of a value of a column; null where there is none. */
export function cellText(value: unknown, tree: SchemaTree, elements: SchemaElement[]) {
  if (value === null || value === undefined) return null;
  const writer = new Writer(elements);
  const element = elements[0];
  if (tree.children.length === 0 && tree.element.repetition_type !== "REPEATED" && element) {
    return leafText(value, element);
  }
  writer.value(value, tree, false);
  return writer.text();
}

class Writer {
  private readonly parts: string[] = [];
  private length = 0;

  constructor(private readonly elements: SchemaElement[]) {}

  text(): string {
    const text = this.parts.join("");
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  }

  private put(text: string): void {
    this.parts.push(text);
    this.length += text.length;
  }

  private all<T>(marks: string, values: Iterable<T>, write: (value: T) => void): void {
    this.put(marks.charAt(0));
    let before = "";
    for (const value of values) {
      if (this.length > LONGEST) break;
      this.put(before);
      write(value);
      before = ", ";
    }
    this.put(marks.charAt(1));
  }

  value(value: unknown, tree: SchemaTree, isItem: boolean): void {
    const element = this.elements[Number(tree.element.name)];
    if (value === null || value === undefined || !element) this.put("null");
    else if (Array.isArray(value) && tree.element.repetition_type === "REPEATED" && !isItem) {
      this.all("[]", value, (one) => this.value(one, tree, true));
    } else if (isListLike(tree)) {
      const [group] = tree.children;
      const item = group?.children[0] ?? group;
      if (item) this.all("[]", value as unknown[], (one) => this.value(one, item, true));
    } else if (tree.children.length === 0) this.put(quoted(leafText(value, element), element));
    else if (!this.map(value, tree, element)) {
      const fields = value as Record<string, unknown>;
      this.all("{}", tree.children, (child) => {
        this.put(`${JSON.stringify(this.elements[Number(child.element.name)]?.name ?? "")}: `);
        this.value(fields[child.element.name], child, false);
      });
    }
  }

  /** Write what is a map: a group of a repeated pair. */
  private map(value: unknown, tree: SchemaTree, element: SchemaElement): boolean {
    const [pairs] = tree.children;
    const [key, one] = pairs?.children ?? [];
    if (meaningOf(element) !== "MAP" || !pairs || !key) return false;
    const all = (value as Record<string, unknown>)[pairs.element.name];
    if (!Array.isArray(all)) return false;
    this.all("{}", all as Record<string, unknown>[], (pair) => {
      this.value(pair[key.element.name], key, false);
      this.put(": ");
      if (one) this.value(pair[one.element.name], one, false);
      else this.put("null");
    });
    return true;
  }
}

/** Return the text of what is in a list, a struct or a map: in quotes what is no number. */
function quoted(text: string, element: SchemaElement): string {
  const isBare = ["", "INTEGER", "DECIMAL", "FLOAT16"].includes(meaningOf(element));
  const isBytes = ["BYTE_ARRAY", "INT96"].includes(element.type ?? "");
  if (isBare && !isBytes && !text.startsWith("0x")) return text;
  return JSON.stringify(text);
}

function leafText(value: unknown, element: SchemaElement): string {
  if (value instanceof Uint8Array) return bytesText(value, element);
  if (typeof value === "bigint" && element.type === "INT96") return int96Text(value);
  if (typeof value === "bigint") return wholeText(value, element);
  if (typeof value !== "number") return String(value);
  if (element.type === "INT32") return wholeText(BigInt(value), element);
  return element.type === "FLOAT" ? String(single(value)) : String(value);
}

/** Return the shortest number that is the same in 32 bits. */
function single(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

function wholeText(value: bigint, element: SchemaElement): string {
  const { logical_type: logical, converted_type: converted } = element;
  const unit = logical && "unit" in logical ? logical.unit : undefined;
  const per = PER_SECOND[unit ?? (converted?.endsWith("MILLIS") ? "MILLIS" : "MICROS")];
  switch (meaningOf(element)) {
    case "DATE":
      return momentText(value * 86_400n, 1n).slice(0, -9);
    case "TIME":
      return value >= 0n && value < 86_400n * per ? momentText(value, per).slice(11) : `${value}`;
    case "TIMESTAMP": {
      // What is not said in the newer way is of UTC.
      const isLocal = logical?.type === "TIMESTAMP" && !logical.isAdjustedToUTC;
      return `${momentText(value, per)}${isLocal ? "" : "Z"}`;
    }
    case "DECIMAL":
      return decimalText(value, element);
    case "INTEGER": {
      const isSigned = logical?.type === "INTEGER" ? logical.isSigned : !converted?.startsWith("U");
      if (isSigned) return String(value);
      return String(BigInt.asUintN(element.type === "INT32" ? 32 : 64, value));
    }
    default:
      return String(value);
  }
}

/** Return a moment since 1970 in ISO's form, as exactly as it is known. */
function momentText(value: bigint, per: bigint): string {
  const part = ((value % per) + per) % per;
  const seconds = (value - part) / per;
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return String(value);
  const fraction = part
    .toString()
    .padStart(String(per).length - 1, "0")
    .replace(/0+$/, "");
  return `${date.toISOString().slice(0, -5)}${fraction ? `.${fraction}` : ""}`;
}

function int96Text(value: bigint): string {
  const days = (value >> 64n) - 2_440_588n; // of the Julian calendar
  return momentText(days * BigInt(DAY) * 1_000_000n + BigInt.asUintN(64, value), 1_000_000_000n);
}

function decimalText(value: bigint, element: SchemaElement): string {
  const logical = element.logical_type;
  const scale = element.scale ?? (logical?.type === "DECIMAL" ? logical.scale : 0);
  if (!(scale > 0 && scale <= DIGITS)) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function bytesText(bytes: Uint8Array, element: SchemaElement): string {
  const meaning = meaningOf(element);
  if (["STRING", "ENUM", "JSON"].includes(meaning)) {
    const text = new TextDecoder().decode(bytes.subarray(0, LONGEST));
    return bytes.length > LONGEST ? `${text}…` : text;
  }
  if (meaning === "FLOAT16" && bytes.length === 2) return String(parseFloat16(bytes));
  const hex = (part: Uint8Array) => [...part].map((one) => one.toString(16).padStart(2, "0"));
  if (meaning === "DECIMAL" && bytes.length > 0 && bytes.length <= HEX) {
    const value = BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex(bytes).join("")}`));
    return decimalText(value, element);
  }
  const text = hex(bytes.subarray(0, HEX)).join("");
  if (meaning === "UUID" && bytes.length === 16) {
    return text.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
  return `0x${text}${bytes.length > HEX ? `… ${bytes.length} bytes` : ""}`;
}
