// Lines and axes drawn with a pen: a canvas, or what writes SVG.
import { type Trace, upper } from "../lib/lines";
import { type AxisKind, placer, type Scale, ticks, tickText } from "../lib/scales";

/** What is used of a canvas. */
export interface Pen {
  strokeStyle: string | CanvasGradient | CanvasPattern;
  fillStyle: string | CanvasGradient | CanvasPattern;
  lineWidth: number;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  save(): void;
  restore(): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  clip(): void;
  fill(): void;
  stroke(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  setLineDash(dash: number[]): void;
  translate(x: number, y: number): void;
}

/** Where a chart is drawn, and what each place in it stands for. */
export interface Frame {
  width: number; // of all, with the axes
  height: number;
  x: Scale;
  y: Scale;
  kind: AxisKind;
}

export interface Ink {
  text: string;
  line: string;
  font: string;
}

export const LEFT = 50;
export const BOTTOM = 20;
const TOP = 8;
const RIGHT = 10;
const AIR = 4; // pixels beside the axes, for points at their ends
const MANY = 24; // lines, of which each is thin and without points

/** Return the part of a frame inside its axes. */
export function inside({ width, height }: Frame) {
  return {
    left: LEFT,
    top: TOP,
    width: Math.max(1, width - LEFT - RIGHT),
    height: Math.max(1, height - TOP - BOTTOM),
  };
}

/** Return what turns values into pixels. */
export function placers(frame: Frame) {
  const { left, top, width, height } = inside(frame);
  const [x, y] = [placer(frame.x), placer(frame.y)];
  return {
    x: (value: number) => left + x(value) * width,
    y: (value: number) => top + (1 - y(value)) * height,
  };
}

export function paintAxes(pen: Pen, frame: Frame, ink: Ink): void {
  const box = inside(frame);
  const place = placers(frame);
  pen.save();
  pen.lineWidth = 1;
  pen.strokeStyle = ink.line;
  pen.fillStyle = ink.text;
  pen.font = ink.font;
  pen.beginPath();
  const rows = ticks(frame.y, Math.max(2, Math.floor(box.height / (box.height > 300 ? 56 : 32))));
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const value of rows) {
    const at = Math.round(place.y(value)) + 0.5;
    pen.moveTo(box.left, at);
    pen.lineTo(box.left + box.width, at);
    pen.fillText(tickText(value, frame.y, "number"), box.left - 6, at);
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  const room = { time: 84, duration: 44, number: 60, step: 60 }[frame.kind];
  for (const value of ticks(frame.x, Math.max(2, Math.floor(box.width / room)), frame.kind)) {
    const at = Math.round(place.x(value)) + 0.5;
    pen.moveTo(at, box.top);
    pen.lineTo(at, box.top + box.height);
    pen.fillText(tickText(value, frame.x, frame.kind), at, box.top + box.height + 6);
  }
  pen.stroke();
  pen.restore();
}

/** Draw lines in their order: the first is in front. */
export function paintTraces(pen: Pen, frame: Frame, traces: Trace[]): void {
  const box = inside(frame);
  pen.save();
  pen.beginPath();
  pen.rect(box.left - AIR, box.top - AIR, box.width + 2 * AIR, box.height + 2 * AIR);
  pen.clip();
  for (let at = traces.length - 1; at >= 0; at -= 1) {
    const trace = traces[at];
    if (trace) paintTrace(pen, frame, trace, traces.length);
  }
  pen.restore();
}

/** Draw one line of so many; bold where it is pointed at. */
export function paintTrace(pen: Pen, frame: Frame, trace: Trace, of: number, isHot = false): void {
  const place = placers(frame);
  const from = Math.max(0, upper(trace.x, frame.x.min) - 1);
  const to = Math.min(trace.x.length, upper(trace.x, frame.x.max) + 1);
  pen.strokeStyle = trace.color;
  pen.fillStyle = trace.color;
  if (trace.low && trace.high) {
    pen.globalAlpha = of > MANY ? 0.08 : 0.16;
    paintBand(pen, place, trace.x, trace.low, trace.high, from, to, frame.y.log);
  }
  if (trace.raw) {
    pen.globalAlpha = 0.28;
    pen.lineWidth = 1;
    path(pen, place, trace.x, trace.raw, from, to, frame.y.log);
  }
  pen.globalAlpha = 1;
  pen.lineWidth = trace.bold || isHot ? 2.5 : of > MANY ? 1 : 1.5;
  pen.setLineDash(trace.dash);
  path(pen, place, trace.x, trace.y, from, to, frame.y.log);
  pen.setLineDash([]);
  const room = inside(frame).width / Math.max(1, to - from);
  if (isHot || of <= MANY) points(pen, place, trace, from, to, frame.y.log, room > 10);
  marks(pen, frame, place, trace, from, to);
}

type Place = ReturnType<typeof placers>;

function path(
  pen: Pen,
  place: Place,
  x: Float64Array,
  y: Float64Array,
  from: number,
  to: number,
  log: boolean,
): void {
  pen.beginPath();
  let isDown = false;
  for (let at = from; at < to; at += 1) {
    const value = y[at] as number;
    if (!Number.isFinite(value) || (log && value <= 0)) {
      isDown = false;
      continue;
    }
    if (isDown) pen.lineTo(place.x(x[at] as number), place.y(value));
    else pen.moveTo(place.x(x[at] as number), place.y(value));
    isDown = true;
  }
  pen.stroke();
}

function paintBand(
  pen: Pen,
  place: Place,
  x: Float64Array,
  low: Float64Array,
  high: Float64Array,
  from: number,
  to: number,
  log: boolean,
): void {
  let start = from;
  const isGap = (at: number) => {
    const [least, most] = [low[at] as number, high[at] as number];
    return !Number.isFinite(least) || !Number.isFinite(most) || (log && most <= 0);
  };
  while (start < to) {
    while (start < to && isGap(start)) start += 1;
    let stop = start;
    while (stop < to && !isGap(stop)) stop += 1;
    if (stop - start > 1) {
      pen.beginPath();
      for (let at = start; at < stop; at += 1)
        pen.lineTo(place.x(x[at] as number), place.y(high[at] as number));
      for (let at = stop - 1; at >= start; at -= 1) {
        const least = low[at] as number;
        pen.lineTo(place.x(x[at] as number), place.y(log && least <= 0 ? Number.MIN_VALUE : least));
      }
      pen.fill();
    }
    start = stop;
  }
}

/** Draw the points where there is room; else those that no line leads to. */
function points(
  pen: Pen,
  place: Place,
  { x, y }: Trace,
  from: number,
  to: number,
  log: boolean,
  isRoomy: boolean,
): void {
  const has = (at: number) => {
    const value = y[at];
    return value !== undefined && Number.isFinite(value) && !(log && value <= 0);
  };
  for (let at = from; at < to; at += 1) {
    if (!has(at) || (!isRoomy && (has(at - 1) || has(at + 1)))) continue;
    pen.fillRect(place.x(x[at] as number) - 2, place.y(y[at] as number) - 2, 4, 4);
  }
}

/** Mark at the edge where values are not finite: NaN and minus infinity below, infinity above. */
function marks(pen: Pen, frame: Frame, place: Place, trace: Trace, from: number, to: number): void {
  const box = inside(frame);
  const bottom = box.top + box.height;
  const [low, high] = trace.limits ?? [];
  let before = Number.NEGATIVE_INFINITY;
  for (let at = from; at < to; at += 1) {
    const isNaNHere = (trace.nans?.[at] ?? 0) > 0;
    const isBelow = low?.[at] === Number.NEGATIVE_INFINITY;
    const isAbove = high?.[at] === Number.POSITIVE_INFINITY;
    if (!isNaNHere && !isBelow && !isAbove) continue;
    const x = place.x(trace.x[at] as number);
    if (x - before < 5) continue; // a row of marks need not be denser
    before = x;
    if (isNaNHere) cross(pen, x, bottom - 5);
    if (isBelow) triangle(pen, x, bottom - 1, -6);
    if (isAbove) triangle(pen, x, box.top + 1, 6);
  }
}

function cross(pen: Pen, x: number, y: number): void {
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x - 3, y - 3);
  pen.lineTo(x + 3, y + 3);
  pen.moveTo(x + 3, y - 3);
  pen.lineTo(x - 3, y + 3);
  pen.stroke();
}

function triangle(pen: Pen, x: number, tip: number, size: number): void {
  pen.beginPath();
  pen.moveTo(x, tip);
  pen.lineTo(x - 4, tip + size);
  pen.lineTo(x + 4, tip + size);
  pen.fill();
}
