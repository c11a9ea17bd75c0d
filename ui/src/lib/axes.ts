// Columns of runs as axes: numbers where all values are, else a place for each text.
import { significant } from "./format";
import { type Column, type Row, valueIn } from "./runset";
import { placer, type Scale, scaleOf, ticks } from "./scales";

export interface Axis {
  column: Column;
  values: (number | undefined)[]; // by row
  texts: string[] | undefined; // of each place, where the values are no numbers
  scale: Scale;
}

const MOST_TICKS = 5;

/** Return a column of rows as an axis. */
export function axisOf(rows: Row[], column: Column, log = false): Axis {
  const found = rows.map((row) => valueIn(row, column));
  const given = found.filter((value) => value !== undefined && value !== "");
  const isNumber = given.length > 0 && given.every((value) => isNumeric(value));
  if (isNumber) {
    const values = found.map((value) =>
      value === undefined || value === "" ? undefined : Number(value),
    );
    const finite = values.filter(
      (value) => value !== undefined && Number.isFinite(value) && (!log || value > 0),
    );
    const [low, high] = [extreme(finite, Math.min), extreme(finite, Math.max)];
    return { column, values, texts: undefined, scale: scaleOf(low, high, log && high > 0) };
  }
  const texts = [...new Set(given.map(String))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
  const places = new Map(texts.map((text, at) => [text, at]));
  const values = found.map((value) =>
    value === undefined ? undefined : places.get(String(value)),
  );
  const scale = { min: -0.5, max: Math.max(0.5, texts.length - 0.5), log: false };
  return { column, values, texts, scale };
}

function isNumeric(value: string | number | undefined): boolean {
  return (
    typeof value === "number" ||
    (value !== undefined && value.trim() !== "" && Number.isFinite(Number(value)))
  );
}

function extreme(values: (number | undefined)[], of: (a: number, b: number) => number): number {
  return values.reduce<number>(
    (found, value) => (value === undefined ? found : of(found, value)),
    of(1, -1) < 0 ? Infinity : -Infinity,
  );
}

/** Return where a value stands on an axis, between 0 and 1; undefined where it has no place. */
export function placesOn(axis: Axis): (number | undefined)[] {
  const place = placer(axis.scale);
  return axis.values.map((value) => {
    if (value === undefined || !Number.isFinite(value) || (axis.scale.log && value <= 0))
      return undefined;
    return place(value);
  });
}

/** Return what stands beside an axis, and where. */
export function labelsOf(axis: Axis, most = MOST_TICKS): { at: number; text: string }[] {
  const place = placer(axis.scale);
  if (!axis.texts) {
    return ticks(axis.scale, most).map((value) => ({ at: place(value), text: significant(value) }));
  }
  const every = Math.ceil(axis.texts.length / (most * 3));
  return axis.texts.flatMap((text, at) => (at % every ? [] : [{ at: place(at), text }]));
}

export type Interval = [number, number]; // of places between 0 and 1

/** Return whether a place is in one of the intervals; where there are none every place is. */
export function isWithin(place: number | undefined, intervals: Interval[] | undefined): boolean {
  if (!intervals?.length) return true;
  return place !== undefined && intervals.some(([low, high]) => place >= low && place <= high);
}

/** Return the condition that says the same of runs; undefined where there is nothing to say. */
export function conditionOf(axis: Axis, intervals: Interval[] | undefined): string | undefined {
  if (!intervals?.length) return undefined;
  const places = placesOn(axis);
  if (axis.column.kind === "metrics" && !axis.texts) {
    const parts = intervals.flatMap(([low, high]) => {
      const inside = axis.values.filter(
        (_, at) => isWithin(places[at], [[low, high]]) && places[at] !== undefined,
      );
      if (inside.length === 0) return [];
      const [least, most] = [extreme(inside, Math.min), extreme(inside, Math.max)];
      return [`(${axis.column.id} >= ${least} AND ${axis.column.id} <= ${most})`];
    });
    return parts.length ? (parts.length > 1 ? `(${parts.join(" OR ")})` : parts[0]) : undefined;
  }
  return undefined;
}

/** Return a colour between those of a low and a high place: dark blue, teal, yellow. */
export function gradient(place: number): string {
  const stops = [
    [40, 0.16, 275],
    [52, 0.12, 235],
    [64, 0.12, 185],
    [76, 0.15, 130],
    [86, 0.17, 95],
  ];
  const at = Math.max(0, Math.min(1, place)) * (stops.length - 1);
  const [low, high] = [stops[Math.floor(at)] ?? [], stops[Math.ceil(at)] ?? []];
  const [light, chroma, hue] = low.map(
    (value, part) => value + (at % 1) * ((high[part] ?? 0) - value),
  );
  return `oklch(${light?.toFixed(1)}% ${chroma?.toFixed(3)} ${hue?.toFixed(1)})`;
}
