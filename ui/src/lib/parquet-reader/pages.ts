// The values of a column: its pages one by one, as far as they were fetched and are wanted.
import { type ColumnMetaData, type DecodedArray, parquetSchema, type SchemaTree } from "hyparquet";
import { assembleLists, assembleNested } from "hyparquet/src/assemble.js";
import { parquetHeader } from "hyparquet/src/column.js";
import { readDataPage, readDataPageV2 } from "hyparquet/src/datapage.js";
import { readRleBitPackedHybrid } from "hyparquet/src/encoding.js";
import { readPlain } from "hyparquet/src/plain.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import { cellText } from "./cells";
import {
  checkRuns,
  checkStruct,
  checkValues,
  damaged,
  EndsEarly,
  MOST_VALUES,
  tooLarge,
} from "./checks";
import { unpack } from "./codecs";
import { type Chunk, meaningOf, type ParquetColumn } from "./footer";

type Header = ReturnType<typeof parquetHeader>;
type Decoder = Parameters<typeof readDataPage>[2];
type Bytes = Uint8Array<ArrayBuffer>;

const PAGE = 64 * 1024 * 1024; // bytes that a page may have
const ALL = 2 * PAGE; // bytes of the pages of a column that are read
const NESTED = 8_000_000; // lists that may be made of a page

export interface Part {
  chunk: Chunk;
  bytes: Bytes; // its beginning, or all of it
}

/** Return the first values of a column as texts, as many as its parts hold and as are wanted. */
export async function readColumn(
  column: ParquetColumn,
  parts: Part[],
  most: number,
): Promise<(string | null)[]> {
  const root = parquetSchema({ schema: [{ name: "", num_children: 1 }, ...plainly(column)] });
  const [top] = root.children;
  if (!top) throw damaged();
  const found = new Map<string, DecodedArray>();
  let rows = most;
  for (const [at, path] of pathsOf(top, [root]).entries()) {
    const part = parts[at];
    if (!part) throw damaged();
    const values = await new Leaf(path, part, rows).read();
    rows = Math.min(rows, values.length);
    found.set(path.at(-1)?.path.join(".") ?? "", values);
  }
  for (const [name, values] of found) found.set(name, values.slice(0, rows));
  // It parses nothing: values are what they are physically.
  assembleNested(found, top, {} as Parameters<typeof assembleNested>[2]);
  const values = Array.from<unknown>(found.get(top.path.join(".")) ?? []);
  return values.map((value) => cellText(value, top, column.elements));
}

/** Return the schema with numbers for names, any of which could be there twice, and no meanings. */
function plainly({ elements }: ParquetColumn) {
  return elements.map((element, at) => ({
    name: String(at),
    ...(element.type ? { type: element.type } : {}),
    ...(element.type_length ? { type_length: element.type_length } : {}),
    ...(element.repetition_type ? { repetition_type: element.repetition_type } : {}),
    ...(element.num_children ? { num_children: element.num_children } : {}),
    ...(meaningOf(element) === "LIST" ? { converted_type: "LIST" as const } : {}),
  }));
}

function pathsOf(tree: SchemaTree, above: SchemaTree[]): SchemaTree[][] {
  const here = [...above, tree];
  return tree.children.length ? tree.children.flatMap((child) => pathsOf(child, here)) : [here];
}

class Leaf {
  private readonly decoder: Decoder;
  private readonly repeats: number;
  private readonly defines: number;
  private readonly rows: unknown[] = [];
  private dictionary: DecodedArray = [];

  constructor(
    private readonly path: SchemaTree[],
    private readonly part: Part,
    private readonly most: number,
  ) {
    const element = path.at(-1)?.element;
    if (!element?.type) throw damaged();
    this.repeats = getMaxRepetitionLevel(path);
    this.defines = getMaxDefinitionLevel(path);
    this.decoder = {
      pathInSchema: [],
      type: element.type,
      element,
      schemaPath: path,
      codec: "UNCOMPRESSED",
      parsers: {} as Decoder["parsers"],
    } satisfies Decoder & Partial<ColumnMetaData>;
  }

  async read(): Promise<unknown[]> {
    const { bytes, chunk } = this.part;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const reader = { view, offset: 0 };
    let values = 0;
    let size = 0;
    // A row with a list ends where the next one begins.
    const enough = this.repeats > 0 ? this.most + 1 : this.most;
    while (values < chunk.values && this.rows.length < enough) {
      const header = this.header(reader);
      if (!header) break;
      const body = bytes.subarray(reader.offset, reader.offset + header.compressed_page_size);
      if (body.length < header.compressed_page_size) break;
      reader.offset += header.compressed_page_size;
      size += header.uncompressed_page_size;
      const count = countOf(header);
      if (header.uncompressed_page_size > PAGE || count > MOST_VALUES) {
        throw tooLarge("A page");
      }
      if (size > ALL || values > MOST_VALUES) break;
      if (header.dictionary_page_header) {
        const page = await unpack(body, chunk.codec, header.uncompressed_page_size);
        const all = { view: new DataView(page.buffer, page.byteOffset, page.length), offset: 0 };
        const { type, element } = this.decoder;
        this.dictionary = readPlain(all, type, count, element.type_length);
      } else {
        values += count;
        await this.page(header, body, count, enough);
      }
    }
    if (this.repeats > 0 && values < chunk.values && this.rows.length < enough) this.rows.pop();
    return this.rows.slice(0, this.most);
  }

  private header(reader: { view: DataView<ArrayBuffer>; offset: number }): Header | undefined {
    const { bytes, chunk } = this.part;
    try {
      checkStruct(bytes, reader.offset);
    } catch (error) {
      // The rest was not fetched.
      if (error instanceof EndsEarly && bytes.length < chunk.size) return undefined;
      throw error;
    }
    const header = parquetHeader(reader);
    if (!(header.compressed_page_size >= 0 && header.uncompressed_page_size >= 0)) throw damaged();
    return header;
  }

  private async page(header: Header, body: Bytes, count: number, enough: number): Promise<void> {
    const one = header.data_page_header;
    const two = header.data_page_header_v2;
    if (!one && !two) return; // of a kind that holds no values
    const encoding = (one ?? two)?.encoding;
    if (!encoding) throw damaged();
    const codec = this.part.chunk.codec;
    const size = header.uncompressed_page_size;
    let read: ReturnType<typeof readDataPage>;
    if (one) {
      const page = await unpack(body, codec, size);
      this.check(page, encoding, count);
      read = readDataPage(page, one, this.decoder);
    } else if (two) {
      const lengths = [two.repetition_levels_byte_length, two.definition_levels_byte_length];
      const levels = (lengths[0] ?? 0) + (lengths[1] ?? 0);
      if (!(Math.min(...lengths) >= 0 && levels <= Math.min(size, body.length))) throw damaged();
      const rest = body.subarray(levels);
      const isPacked = two.is_compressed !== false && size > levels;
      const values = isPacked ? await unpack(rest, codec, size - levels) : rest;
      const page = new Uint8Array(levels + values.length);
      page.set(body.subarray(0, levels));
      page.set(values, levels);
      this.check(page, encoding, count, lengths);
      const plain = { ...header, data_page_header_v2: { ...two, is_compressed: false } };
      read = readDataPageV2(page, plain, this.decoder);
    } else return;
    this.take(read, encoding, enough);
  }

  /** Refuse a page whose levels or values would not end. */
  private check(page: Bytes, encoding: Encoding, count: number, lengths?: number[]): void {
    const view = new DataView(page.buffer, page.byteOffset, page.length);
    let at = 0;
    let there = count;
    for (const [place, level] of [this.repeats, this.defines].entries()) {
      const bits = 32 - Math.clz32(level);
      let length = lengths?.[place] ?? 0;
      if (level === 0 && !lengths) continue;
      if (!lengths) {
        length = view.getUint32(at, true);
        at += 4;
      }
      if (length > page.length - at) throw damaged();
      if (level > 0) checkRuns(page.subarray(at, at + length), bits, count);
      if (level > 0 && place === 1 && encoding === "DELTA_BYTE_ARRAY") {
        const levels = new Array<number>(count);
        readRleBitPackedHybrid({ view, offset: at }, bits, levels, length);
        there = levels.reduce((sum, one) => sum + (one === level ? 1 : 0), 0);
      }
      at += length;
    }
    const { type, element } = this.decoder;
    const width = element.type_length ?? 0;
    checkValues(page.subarray(at), encoding, { type, width }, there);
  }

  /** Make rows of the values of a page, and of no more than are wanted. */
  private take(read: ReturnType<typeof readDataPage>, encoding: Encoding, enough: number): void {
    const { definitionLevels: defined = [], repetitionLevels: repeated, dataPage } = read;
    const wanted = enough - this.rows.length;
    let length = Math.min(repeated.length || defined.length || dataPage.length, wanted);
    if (this.repeats > 0) {
      let rows = 0;
      length = repeated.findIndex((level) => level === 0 && ++rows > wanted);
      if (length < 0) length = repeated.length;
    }
    if (length * this.defines > NESTED) throw tooLarge("A page");
    const named: unknown[] = encoding.endsWith("_DICTIONARY")
      ? Array.from(dataPage, (at) => this.dictionary[Number(at)])
      : Array.from<unknown>(dataPage);
    const made = assembleLists(
      this.repeats > 0 ? this.rows : [],
      defined.slice(0, length),
      repeated.slice(0, length),
      defined.length || repeated.length ? named : named.slice(0, length),
      this.path,
    );
    if (made !== this.rows) for (const value of made) this.rows.push(value);
  }
}

type Encoding = NonNullable<Header["data_page_header"]>["encoding"];

function countOf(header: Header): number {
  const { dictionary_page_header: named, data_page_header: one, data_page_header_v2: two } = header;
  const count = (named ?? one ?? two)?.num_values ?? 0;
  if (!(count >= 0) || !((two?.num_nulls ?? 0) >= 0)) throw damaged();
  return count;
}
