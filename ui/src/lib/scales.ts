// Positions on an axis: linear and logarithmic scales, their ticks and what stands at them.
import { duration, significant } from "./format";

export interface Scale {
  min: number;
  max: number;
  log: boolean;
}

export type AxisKind = "number" | "step" | "time" | "duration"; // steps are whole numbers

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MOMENTS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((size) => size * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((size) => size * MINUTE),
  ...[1, 2, 3, 6, 12].map((size) => size * HOUR),
  ...[1, 2, 7, 14, 30, 60, 90, 180, 365, 730].map((size) => size * DAY),
];

/** Return what turns a value into a place between 0 and 1. */
export function placer({ min, max, log }: Scale): (value: number) => number {
  if (!log) {
    const size = max - min || 1;
    return (value) => (value - min) / size;
  }
  const low = Math.log10(min);
  const size = Math.log10(max) - low || 1;
  return (value) => (Math.log10(value) - low) / size;
}

/** Return the value at a place between 0 and 1. */
export function valueAt({ min, max, log }: Scale, place: number): number {
  if (!log) return min + place * (max - min);
  const low = Math.log10(min);
  return 10 ** (low + place * (Math.log10(max) - low));
}

/** Return a scale that shows a range: never empty, with air at the ends where asked for. */
export function scaleOf(low: number, high: number, log: boolean, air = 0): Scale {
  let [min, max] = Number.isFinite(low) && Number.isFinite(high) ? [low, high] : [0, 1];
  if (log) {
    if (!(max > 0)) [min, max] = [0.1, 1];
    else if (!(min > 0)) min = max / 1e6;
    if (min === max) [min, max] = [min / 2, max * 2];
    const factor = (max / min) ** air;
    return { min: min / factor, max: max * factor, log };
  }
  if (min === max) {
    const size = Math.abs(min) * 0.05 || 0.5;
    [min, max] = [min - size, max + size];
  }
  const size = (max - min) * air;
  return { min: min - size, max: max + size, log };
}

/** Return the values at which an axis has lines, about so many. */
export function ticks(scale: Scale, most: number, kind: AxisKind = "number"): number[] {
  if (scale.log) return logTicks(scale, most);
  const least = (scale.max - scale.min) / Math.max(1, most);
  const isMoment = kind === "time" || kind === "duration";
  const step = isMoment
    ? momentStep(scale, most)
    : roundStep(kind === "step" ? Math.max(1, least) : least);
  const found: number[] = [];
  // Times stand at whole hours and days of where one is.
  const offset = kind === "time" ? new Date(scale.min).getTimezoneOffset() * MINUTE : 0;
  const first = Math.ceil((scale.min - offset) / step);
  for (let at = first; at * step + offset <= scale.max && found.length < 100; at += 1) {
    found.push(Number((at * step + offset).toPrecision(15)));
  }
  return found;
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const rest = least / power;
  return power * (rest <= 1 ? 1 : rest <= 2 ? 2 : rest <= 5 ? 5 : 10);
}

function momentStep(scale: Scale, most: number): number {
  const least = (scale.max - scale.min) / Math.max(1, most);
  return MOMENTS.find((size) => size >= least) ?? roundStep(least / DAY) * DAY;
}

function logTicks({ min, max }: Scale, most: number): number[] {
  const low = Math.floor(Math.log10(min));
  const high = Math.ceil(Math.log10(max));
  if (high - low <= 1 || Math.log10(max / min) < 1) {
    const plain = ticks({ min, max, log: false }, most);
    if (plain.length > 1) return plain;
  }
  const every = Math.max(1, Math.ceil((high - low) / Math.max(1, most)));
  const between = every === 1 && (high - low) * 3 <= most ? [1, 2, 5] : [1];
  const found: number[] = [];
  for (let power = low; power <= high; power += every) {
    for (const digit of between) {
      const value = Number((digit * 10 ** power).toPrecision(15));
      if (value >= min && value <= max) found.push(value);
    }
  }
  return found;
}

/** Return what stands at a tick. */
export function tickText(value: number, scale: Scale, kind: AxisKind): string {
  if (kind === "duration")
    return value === 0 ? "0" : value < 0 ? `−${duration(-value)}` : duration(value);
  if (kind === "number" || kind === "step") return significant(value);
  const size = scale.max - scale.min;
  const date = new Date(value);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  if (size > 300 * DAY) return `${date.getFullYear()}-${two(date.getMonth() + 1)}`;
  if (size > 3 * DAY) return day;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (size > DAY) return `${day} ${clock}`;
  if (size > 3 * MINUTE) return clock;
  const seconds = `${clock}:${two(date.getSeconds())}`;
  return size > 3 * SECOND
    ? seconds
    : `${seconds}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** Return a position on an axis as one reads it beside a point. */
export function positionText(value: number, kind: AxisKind): string {
  if (kind === "duration") return value < 0 ? `−${duration(-value)}` : duration(value);
  if (kind === "time") return new Date(value).toLocaleString("en-GB");
  return Number.isInteger(value) ? value.toLocaleString("en") : significant(value);
}
