// A pen that writes SVG: what `paint` uses of a canvas, no more.
import type { Pen } from "./paint";

interface State {
  strokeStyle: string;
  fillStyle: string;
  lineWidth: number;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  dash: number[];
  groups: number; // that are open within it
}

const ANCHORS: Record<string, string> = { left: "start", center: "middle", right: "end" };

export class SvgPen implements Pen {
  strokeStyle = "";
  fillStyle = "";
  lineWidth = 1;
  globalAlpha = 1;
  font = "";
  textAlign: CanvasTextAlign = "left";
  textBaseline: CanvasTextBaseline = "alphabetic";
  #dash: number[] = [];
  #path: string[] = [];
  #parts: string[] = [];
  #states: State[] = [];
  #groups = 0;
  #clips = 0;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {}

  save(): void {
    const { strokeStyle, fillStyle, lineWidth, globalAlpha, font, textAlign, textBaseline } = this;
    const state = { strokeStyle, fillStyle, lineWidth, globalAlpha, font, textAlign, textBaseline };
    this.#states.push({ ...state, dash: this.#dash, groups: this.#groups });
    this.#groups = 0;
  }

  restore(): void {
    const state = this.#states.pop();
    if (!state) return;
    this.#parts.push("</g>".repeat(this.#groups));
    const { dash, groups, ...rest } = state;
    Object.assign(this, rest);
    this.#dash = dash;
    this.#groups = groups;
  }

  translate(x: number, y: number): void {
    this.#parts.push(`<g transform="translate(${short(x)} ${short(y)})">`);
    this.#groups += 1;
  }

  beginPath(): void {
    this.#path = [];
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${short(x)} ${short(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`${this.#path.length ? "L" : "M"}${short(x)} ${short(y)}`);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push(`M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`);
  }

  clip(): void {
    this.#clips += 1;
    const id = `clip${this.#clips}`;
    this.#parts.push(`<clipPath id="${id}"><path d="${this.#path.join("")}"/></clipPath>`);
    this.#parts.push(`<g clip-path="url(#${id})">`);
    this.#groups += 1;
  }

  fill(): void {
    if (!this.#path.length) return;
    this.#parts.push(
      `<path d="${this.#path.join("")}" fill="${quoted(this.fillStyle)}" fill-opacity="${this.globalAlpha}"/>`,
    );
  }

  stroke(): void {
    if (!this.#path.length) return;
    const dash = this.#dash.length ? ` stroke-dasharray="${this.#dash.join(" ")}"` : "";
    this.#parts.push(
      `<path d="${this.#path.join("")}" fill="none" stroke="${quoted(this.strokeStyle)}"` +
        ` stroke-width="${this.lineWidth}" stroke-opacity="${this.globalAlpha}"${dash}/>`,
    );
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const place = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
    this.#parts.push(
      `<rect ${place} fill="${quoted(this.fillStyle)}" fill-opacity="${this.globalAlpha}"/>`,
    );
  }

  fillText(text: string, x: number, y: number): void {
    const down =
      this.textBaseline === "middle" ? "0.35em" : this.textBaseline === "top" ? "0.8em" : "0";
    this.#parts.push(
      `<text x="${short(x)}" y="${short(y)}" dy="${down}" text-anchor="${ANCHORS[this.textAlign] ?? "start"}"` +
        ` fill="${quoted(this.fillStyle)}" style="font:${quoted(this.font)}">${quoted(text)}</text>`,
    );
  }

  setLineDash(dash: number[]): void {
    this.#dash = dash;
  }

  toString(): string {
    const size = `width="${this.width}" height="${this.height}"`;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${this.width} ${this.height}">` +
      `${this.#parts.join("")}</svg>`
    );
  }
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function quoted(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
