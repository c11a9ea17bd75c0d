import { expect, it } from "vitest";
import { bytesOf } from "../base64";
import { footerLength, parseFooter } from "./footer";
import { hybrid, readColumn } from "./pages";
import { unsnap } from "./snappy";

// {"n": [1, None, 3], "s": ["a", "é", None]} as polars writes it, compressed with Snappy.
const FILE = [
  "UEFSMRUEFSAVJEwVBBUAAAAQPAEAAAAAAAAAAwAAAAAAAAAVABUSFRYsFQYVEBUGFQYAAAkgAgAAAAMFAQMCFQQZ",
  "NQAGEBkYAW4VAhYGFm4WdiZGJggAFQQVFhUaTBUEFQAAAAsoAQAAAGECAAAAw6kVABUSFRYsFQYVEBUGFQYAAAkg",
  "AgAAAAMDAQMCFQwZNQAGEBkYAXMVAhYGFmQWbCbiASauAQAZHBZGFTgWAAAAGRwW4gEVOBYAAAAVAhk8SARyb290",
  "FQQAFQQlAhgBbgAVDCUCGAFzJQBMHAAAABYGGRwZLCa8ARwVBBk1AAYQGRgBbhUCFgYWbhZ2JkYmCAAWzgIVFAAm",
  "zgIcFQwZNQAGEBkYAXMVAhYGFmQWbCbiASauAQAW4gIVFgAW0gEWBiYIFuIBFAAAGRwYDEFSUk9XOnNjaGVtYRjk",
  "AS8vLy8vNklBQUFBRUFBQUE4di8vL3hRQUFBQUVBQUVBQUFBS0FBc0FDQUFLQUFRQStQLy8vd3dBQUFBSUFBZ0FB",
  "QUFFQUFJQUFBQXdBQUFBQkFBQUFNVC8vLzhjQUFBQUVBQUFBQWdBQUFBQkZBQUFBQUFBQVB6Ly8vOEVBQVFBQVFB",
  "QUFITUFBQURzLy8vL09BQUFBQ0FBQUFBWUFBQUFBUUlBQUJBQUVnQUVBQkFBRVFBSUFBQUFEQUFBQUFBQTlQLy8v",
  "MEFBQUFBQkFBQUFDQUFKQUFRQUNBQUJBQUFBYmdBPQAYTlBvbGFycyAocHl0aG9uKSB2ZXJzaW9uIDIuMS4wIChi",
  "dWlsZCA3ZjkwMmJkM2ZmZDI3ZmY4MmQxNDI3OGEwOWEyOTVmZjJmN2FlZDkyKRksHAAAHAAAAM0BAABQQVIx",
].join("");

async function read(bytes: Uint8Array) {
  const length = footerLength(bytes.slice(-8));
  const file = parseFooter(bytes.slice(bytes.length - 8 - length, -8));
  const group = file.groups[0];
  return Promise.all(
    file.columns.map(async (column, at) => {
      const chunk = group?.chunks[at] ?? { start: 0, size: 0, codec: 0, values: 0 };
      const part = bytes.slice(chunk.start, chunk.start + chunk.size);
      return [column.name, await readColumn(part, chunk, column, 100)] as const;
    }),
  );
}

it("reads what polars wrote", async () => {
  expect(await read(bytesOf(FILE))).toEqual([
    ["n", [1, null, 3]],
    ["s", ["a", "é", null]],
  ]);
});

it("ends, whatever the bytes are", async () => {
  const bytes = bytesOf(FILE);
  let refused = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    for (const flip of [0xff, 0x80, 0x01]) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ flip;
      await read(damaged).catch(() => {
        refused += 1;
      });
    }
  }
  expect(refused).toBeGreaterThan(0);
  expect(() => footerLength(new Uint8Array(3))).toThrow("no Parquet file");
});

it("unpacks bits and runs", () => {
  expect(hybrid(Uint8Array.of(0x03, 0x88, 0xc6, 0xfa), 3, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(hybrid(Uint8Array.of(0x08, 0x05), 3, 4)).toEqual([5, 5, 5, 5]);
  expect(hybrid(new Uint8Array(), 0, 2)).toEqual([0, 0]);
});

it("copies what overlaps itself", () => {
  expect([...unsnap(Uint8Array.of(6, 4, 97, 98, 0x01, 2), 6)]).toEqual([97, 98, 97, 98, 97, 98]);
  expect(() => unsnap(Uint8Array.of(6, 0x01, 9), 6)).toThrow("damaged");
});
