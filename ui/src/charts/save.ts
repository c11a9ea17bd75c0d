// A chart as a file: a picture, a drawing, or the numbers that are drawn.
import { saveFile } from "../components/save-file";
import type { CardLook, Layout } from "../lib/layout";
import { type Range, spanX, spanY, type Trace } from "../lib/lines";
import { type AxisKind, scaleOf } from "../lib/scales";
import { csvOf } from "../lib/traces-csv";
import { inkOf } from "./ink";
import { type Frame, type Pen, paintAxes, paintTraces } from "./paint";
import { SvgPen } from "./svg-pen";

interface Saved {
  label: string;
  traces: Trace[];
  kind: AxisKind;
  view: Range | undefined;
  look: CardLook;
  layout: Layout;
}

const WIDTH = 1200;
const HEIGHT = 675;
const HEAD = 32;
const LEGEND = 18; // a row
const MOST_LEGEND = 40;

export function saveCsv({ label, traces, view }: Saved): void {
  save(`${label}.csv`, csvOf(traces, view), "text/csv");
}

export function saveSvg(saved: Saved): void {
  const height = heightOf(saved.traces);
  const pen = new SvgPen(WIDTH, height);
  paint(pen, saved, height);
  save(`${saved.label}.svg`, pen.toString(), "image/svg+xml");
}

export function savePng(saved: Saved): void {
  const canvas = document.createElement("canvas");
  const height = heightOf(saved.traces);
  canvas.width = WIDTH * 2;
  canvas.height = height * 2;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.scale(2, 2);
  paint(pen, saved, height);
  canvas.toBlob((blob) => blob && save(`${saved.label}.png`, blob, blob.type));
}

function heightOf(traces: Trace[]): number {
  return HEAD + HEIGHT + Math.ceil(Math.min(traces.length, MOST_LEGEND) / 4) * LEGEND + 12;
}

function paint(pen: Pen, { label, traces, kind, view, look, layout }: Saved, height: number): void {
  const body = getComputedStyle(document.body);
  const style = document.querySelector(".plot canvas");
  const ink = style
    ? inkOf(style)
    : { text: body.color, line: body.color, font: `11px ${body.fontFamily}` };
  const [logX, logY] = [look.logX ?? layout.logX, look.logY ?? layout.logY];
  const x = scaleOf(...(view ?? spanX(traces, logX)), logX);
  const [low, high] = look.rangeY ?? spanY(traces, [x.min, x.max], logY, layout.calm);
  const frame: Frame = {
    width: WIDTH,
    height: HEIGHT,
    x,
    y: scaleOf(low, high, logY, look.rangeY ? 0 : 0.04),
    kind,
  };
  pen.fillStyle = body.backgroundColor;
  pen.fillRect(0, 0, WIDTH, height);
  pen.fillStyle = body.color;
  pen.font = `600 15px ${body.fontFamily}`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillText(label, 12, HEAD / 2);
  pen.save();
  pen.translate(0, HEAD);
  paintAxes(pen, frame, ink);
  paintTraces(pen, frame, traces);
  pen.restore();
  pen.font = ink.font;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  for (const [at, trace] of traces.slice(0, MOST_LEGEND).entries()) {
    const [left, top] = [
      12 + (at % 4) * (WIDTH / 4),
      HEAD + HEIGHT + Math.floor(at / 4) * LEGEND + 8,
    ];
    pen.fillStyle = trace.color;
    pen.fillRect(left, top - 4, 8, 8);
    pen.fillStyle = body.color;
    pen.fillText(trace.label.slice(0, 40), left + 14, top);
  }
}

/** Give a file to the person. */
function save(name: string, body: BlobPart, type: string): void {
  saveFile(name.replaceAll(/[\\/:*?"<>|]/g, "_"), body, type);
}
