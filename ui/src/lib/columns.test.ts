import { expect, it } from "vitest";
import { decodeColumns } from "./columns";

/** Return columns as the server writes them. */
function columns(): ArrayBuffer {
  const names = new TextEncoder().encode('{"axis":"step","run_ids":["a","b"],"metric_keys":["é"]}');
  const buffer = new ArrayBuffer(24 + Math.ceil(names.length / 8) * 8 + 8 + 8 + 16 + 3 * 40 + 8);
  const view = new DataView(buffer);
  new Uint8Array(buffer).set(new TextEncoder().encode("HRCOLS\x01\x00"));
  for (const [at, value] of [2, 2, 3, names.length].entries())
    view.setUint32(8 + 4 * at, value, true);
  new Uint8Array(buffer).set(names, 24);
  let place = 24 + Math.ceil(names.length / 8) * 8;
  const ints = (...values: number[]) => {
    for (const [at, value] of values.entries()) view.setUint32(place + 4 * at, value, true);
    place += Math.ceil(values.length / 2) * 8;
  };
  ints(0, 1);
  ints(0, 0);
  ints(0, 2, 3);
  for (const [at, value] of [-5n, 2n ** 40n, 7n].entries())
    view.setBigInt64(place + 8 * at, value, true);
  place += 24;
  for (const column of [
    [1, 2, 3],
    [4, 5, 6],
    [2, Number.NaN, 5],
  ]) {
    for (const [at, value] of column.entries()) view.setFloat64(place + 8 * at, value, true);
    place += 24;
  }
  ints(1, 2, 3);
  ints(0, 1, 0);
  return buffer;
}

it("reads series by run and metric", () => {
  const { level, series } = decodeColumns(columns());
  expect(level).toBe(2);
  expect(series.map((one) => [one.run, one.metric])).toEqual([
    ["a", "é"],
    ["b", "é"],
  ]);
  const [first, second] = series;
  expect([...(first?.x ?? [])]).toEqual([-5, 2 ** 40]);
  expect([...(first?.y ?? [])]).toEqual([2, Number.NaN]);
  expect([...(first?.low ?? []), ...(first?.high ?? [])]).toEqual([1, 2, 4, 5]);
  expect([...(first?.nans ?? [])]).toEqual([0, 1]);
  expect([...(second?.counts ?? [])]).toEqual([3]);
});

it("refuses what it does not know", () => {
  expect(() => decodeColumns(new ArrayBuffer(32))).toThrow("reload");
});
