// The columns in which the server answers a chart, read without parsing: see mlflow/_wire/columns.py.

/** The cells of one series: of each its last point, its limits, how many points and how many NaN. */
export interface Cells {
  x: Float64Array;
  y: Float64Array;
  low: Float64Array;
  high: Float64Array;
  counts: Uint32Array;
  nans: Uint32Array;
  mean?: Float64Array; // of a group, with its deviation
  std?: Float64Array;
}

export interface Series extends Cells {
  run: string; // or the name of a group of runs
  metric: string;
}

export interface Chart {
  level: number; // each cell covers 2 ** level positions
  series: Series[];
}

const MAGIC = "HRCOLS";
const HEAD = 24;
const WORD = 2 ** 32;

/** Return a chart from its columns. */
export function decodeColumns(content: ArrayBuffer): Chart {
  const head = new DataView(content);
  const magic = String.fromCharCode(...new Uint8Array(content, 0, MAGIC.length));
  if (magic !== MAGIC || head.getUint8(6) !== 1) {
    throw new Error(
      "The server answers a chart in a form that this page does not know: reload it.",
    );
  }
  const [level, count, total, length] = [8, 12, 16, 20].map((at) => head.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  const names: { run_ids: string[]; metric_keys: string[]; grouped?: boolean } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(content, HEAD, length)),
  );
  let place = HEAD + aligned(length);
  const take = <T>(
    kind: new (buffer: ArrayBuffer, at: number, size: number) => T,
    size: number,
    bytes: number,
  ): T => {
    const column = new kind(content, place, size);
    place += aligned(size * bytes);
    return column;
  };
  const runs = take(Uint32Array, count, 4);
  const keys = take(Uint32Array, count, 4);
  const offsets = take(Uint32Array, count + 1, 4);
  const cells = count ? total : 0;
  const words = take(Int32Array, 2 * cells, 4);
  const x = new Float64Array(cells);
  for (let at = 0; at < cells; at += 1) {
    x[at] = (words[2 * at + 1] ?? 0) * WORD + ((words[2 * at] ?? 0) >>> 0);
  }
  const low = take(Float64Array, cells, 8);
  const high = take(Float64Array, cells, 8);
  const y = take(Float64Array, cells, 8);
  const counts = take(Uint32Array, cells, 4);
  const nans = take(Uint32Array, cells, 4);
  const mean = names.grouped ? take(Float64Array, cells, 8) : undefined;
  const std = names.grouped ? take(Float64Array, cells, 8) : undefined;
  const series: Series[] = [];
  for (let at = 0; at < count; at += 1) {
    const from = offsets[at] ?? 0;
    const to = offsets[at + 1] ?? 0;
    series.push({
      run: names.run_ids[runs[at] ?? 0] ?? "",
      metric: names.metric_keys[keys[at] ?? 0] ?? "",
      x: x.subarray(from, to),
      y: y.subarray(from, to),
      low: low.subarray(from, to),
      high: high.subarray(from, to),
      counts: counts.subarray(from, to),
      nans: nans.subarray(from, to),
      ...(mean && std ? { mean: mean.subarray(from, to), std: std.subarray(from, to) } : {}),
    });
  }
  return { level, series };
}

function aligned(size: number): number {
  return Math.ceil(size / 8) * 8;
}
