import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { footerLength } from "./apart";
import { checkRuns, checkValues } from "./checks";
import { unpack } from "./codecs";
import { parseFooter } from "./footer";
import { readColumn } from "./pages";

const MOST = 20_000;
vi.setConfig({ testTimeout: 120_000 }); // of a busy machine

// What tools/parquet_samples.py wrote.
function sample(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`samples/${name}.parquet`, import.meta.url)));
}

/** Return the columns of a file of which only so many bytes of each part were fetched. */
async function read(bytes: Uint8Array<ArrayBuffer>, fetched = Number.POSITIVE_INFINITY) {
  const file = parseFooter(bytes.slice(-footerLength(bytes) - 8));
  const found: Record<string, (string | null)[]> = {};
  for (const column of file.columns) {
    const chunks = file.groups[0]?.chunks.slice(column.first, column.first + column.chunks) ?? [];
    const parts = chunks.map((chunk) => {
      const size = Math.min(chunk.size, fetched);
      return { chunk, bytes: bytes.slice(chunk.start, chunk.start + size) };
    });
    found[column.name] = await readColumn(column, parts, MOST);
  }
  return found;
}

it("shows values of every kind", async () => {
  expect(await read(sample("kinds"))).toEqual({
    flag: ["true", "false", null],
    small: ["-1", "7", null],
    big: ["4611686018427387904", "-9007199254740993", null],
    unsigned: ["18446744073709551615", "0", null],
    unsigned32: ["4294967295", "0", null],
    half: ["0.5", "Infinity", null],
    single: ["0.1", "NaN", null],
    double: ["0.1", "0", null],
    price: ["12345678901234567890.05", "-1.00", null],
    cents: ["-0.05", "3.00", null],
    text: ["é", "", null],
    kind: ["a", "b", null],
    bytes: ["0x00ff", `0x${"78".repeat(32)}… 40 bytes`, null],
    fixed: ["0x616263", "0x000000", null],
    day: ["2026-02-03", "1969-12-31", null],
    clock: ["01:02:03.0004", "00:00:00", null],
    utc: ["2026-02-03T04:05:06.789012Z", "1969-12-31T23:59:59.5Z", null],
    local: ["2026-02-03T04:05:06.789", "1969-12-31T23:59:59.5", null],
    nanos: ["1970-01-01T00:00:01.000000001", "1969-12-31T23:59:59.999999999", null],
    nothing: [null, null, null],
    list: ["[1, null, 3]", "[]", null],
    lists: ['[["a"], [], null]', "[[null]]", null],
    struct: ['{"x": 1, "y": ["a", "q\\""]}', '{"x": null, "y": null}', null],
    structs: ['[{"x": 1, "y": []}, null]', "[]", null],
    map: ['{"a": 1, "__proto__": null}', "{}", null],
    days: ['{"2026-01-01": [0.1]}', "{}", null],
  });
  expect(await read(sample("int96"))).toEqual({ when: ["2023-11-14T22:13:20.123456789"] });
});

it("says what columns hold", () => {
  const bytes = sample("kinds");
  const { columns, rows } = parseFooter(bytes.slice(-footerLength(bytes) - 8));
  expect(rows).toBe(3);
  const said = columns.map(({ name, type, isNumber }) => [name, type, isNumber]);
  expect(said).toContainEqual(["price", "decimal", true]);
  expect(said).toContainEqual(["big", "int64", true]);
  expect(said).toContainEqual(["utc", "timestamp, UTC", false]);
  expect(said).toContainEqual(["fixed", "binary", false]);
  expect(said).toContainEqual(["structs", "list", false]);
  expect(said).toContainEqual(["struct", "struct", false]);
});

const CODECS = ["none", "snappy", "gzip", "brotli", "zstd", "lz4", "differences"];

it.each(CODECS)("reads %s", async (name) => {
  const { n, text, list } = await read(sample(name));
  const numbers = Array.from({ length: 300 }, (_, at) => at);
  expect(n).toEqual(numbers.map(String));
  expect(text).toEqual(numbers.map((at) => (at % 3 ? `row number ${at} of them` : null)));
  expect(list).toEqual(
    numbers.map((at) => `[${Array.from({ length: at % 4 }, () => (at % 7) / 2).join(", ")}]`),
  );
});

it("reads as many rows as were fetched, and whole ones", async () => {
  const whole = await read(sample("differences"));
  const part = await read(sample("differences"), 300);
  for (const name of ["text", "list", "f"]) {
    const values = part[name] ?? [];
    expect(values.length).toBeGreaterThan(0);
    expect(values.length).toBeLessThan(300);
    expect(values).toEqual(whole[name]?.slice(0, values.length));
  }
});

it.each([...CODECS, "kinds"])("ends, whatever the bytes of %s are", async (name) => {
  const bytes = sample(name);
  const step = Math.ceil(bytes.length / 100);
  let refused = 0;
  for (let at = bytes.length % step; at < bytes.length; at += step) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ (0x80 >> (at % 8));
    await read(damaged).catch(() => {
      refused += 1;
    });
  }
  expect(refused).toBeGreaterThan(0);
});

it("refuses what would not end or not fit", async () => {
  expect(() => footerLength(new Uint8Array(3))).toThrow("no Parquet file");
  // Lists in lists, each of a million.
  const lists = new Uint8Array(1000).fill(0).map((_, at) => [0xf9, 0xff, 0xff, 0x3f][at % 4] ?? 0);
  const end = [0, 0, 0, 0, 0x50, 0x41, 0x52, 0x31];
  expect(() => parseFooter(Uint8Array.of(0x19, ...lists, ...end))).toThrow("too early");
  // A number without end.
  const number = new Uint8Array(1000).fill(0xff);
  expect(() => parseFooter(Uint8Array.of(0x16, ...number, ...end))).toThrow("damaged");
  // A run of two thousand millions.
  expect(() => checkRuns(Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x0f, 1), 1, 10)).toThrow("damaged");
  // Blocks of differences of no length, and values that share what is not there.
  const column = { type: "INT32", width: 0 } as const;
  const encoding = "DELTA_BINARY_PACKED";
  expect(() => checkValues(Uint8Array.of(0, 0, 1, 0), encoding, column, 1)).toThrow("damaged");
  expect(() =>
    checkValues(Uint8Array.of(0x88, 0x80, 0x80, 0x80, 0x0f, 4), encoding, column, 1),
  ).toThrow("damaged");
});

it("unpacks no more than was said", async () => {
  const zipped = new Blob([new Uint8Array(100_000)]).stream();
  const stream = zipped.pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  await expect(unpack(bytes, "GZIP", 1000)).rejects.toThrow("larger than it says");
  await expect(unpack(bytes, "LZO", 1000)).rejects.toThrow("compressed with LZO");
  await expect(unpack(bytes, undefined, 1000)).rejects.toThrow("encrypted");
});
