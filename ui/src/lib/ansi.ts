// What a program wrote to its terminal, as lines: colours, and what moves the cursor back.

export interface Style {
  color?: number; // 0 to 15, of the palette
  background?: number;
  bold?: boolean;
  faint?: boolean;
  italic?: boolean;
  underline?: boolean;
}

type Span = [text: string, style: Style];

export interface TextLine {
  stream: string;
  spans: Span[];
}

const PLAIN: Style = {};
// Control sequences: of the cursor and colours (CSI), of the window (OSC), and short ones.
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it finds
  /\u001b\[([\d;:?]*)[ -/]*([@-~])|\u001b\][^\u0007\u001b]{0,4000}(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]|[\r\n\b\u0007]/g;
const WIDEST = 4000; // columns that a line can be moved to
const MANY = 64; // lines that the cursor can go back

interface Cursor {
  line: TextLine;
  before: TextLine[]; // those that the cursor can go up to
  below: TextLine[]; // those that it came up from
  column: number | undefined; // undefined at the end
  style: Style;
}

/** Lines that grow with what is written; each stream has a cursor of its own. */
export class Terminal {
  readonly lines: TextLine[] = [];
  private readonly cursors = new Map<string, Cursor>();

  /** Take what a stream wrote. */
  write(stream: string, text: string): void {
    const cursor = this.cursorOf(stream);
    let from = 0;
    CONTROL.lastIndex = 0;
    for (let found = CONTROL.exec(text); found; found = CONTROL.exec(text)) {
      if (found.index > from) put(cursor, text.slice(from, found.index));
      from = CONTROL.lastIndex;
      this.obey(cursor, stream, found);
    }
    if (from < text.length) put(cursor, text.slice(from));
  }

  /** Return whether a line is where a stream goes on and has nothing yet. */
  isWaiting(line: TextLine): boolean {
    return line.spans.length === 0 && this.cursors.get(line.stream)?.line === line;
  }

  private cursorOf(stream: string): Cursor {
    let cursor = this.cursors.get(stream);
    if (!cursor) {
      const line: TextLine = { stream, spans: [] };
      cursor = { line, before: [], below: [], column: undefined, style: PLAIN };
      this.cursors.set(stream, cursor);
      this.lines.push(line);
    }
    return cursor;
  }

  private obey(cursor: Cursor, stream: string, found: RegExpExecArray): void {
    const [control = "", given = "", verb] = found;
    if (control === "\n") this.nextLine(cursor, stream);
    else if (control === "\r") cursor.column = 0;
    else if (control === "\b") cursor.column = Math.max(0, columnOf(cursor) - 1);
    else if (verb === "m") cursor.style = styled(cursor.style, given);
    else if (verb === "K") erase(cursor, given);
    else if (verb === "A" || verb === "F") up(cursor, amount(given), verb === "F");
    else if (verb === "B" || verb === "E") this.down(cursor, amount(given), verb === "E");
    else if (verb === "C") cursor.column = Math.min(WIDEST, columnOf(cursor) + amount(given));
    else if (verb === "D") cursor.column = Math.max(0, columnOf(cursor) - amount(given));
    else if (verb === "G") cursor.column = Math.min(WIDEST, amount(given) - 1);
  }

  private down(cursor: Cursor, many: number, toStart: boolean): void {
    for (let at = 0; at < many; at += 1) {
      const next = cursor.below.pop();
      if (!next) break;
      cursor.before.push(cursor.line);
      cursor.line = next;
    }
    if (toStart) cursor.column = 0;
  }

  private nextLine(cursor: Cursor, stream: string): void {
    if (cursor.below.length > 0) {
      this.down(cursor, 1, true);
      return;
    }
    cursor.before.push(cursor.line);
    if (cursor.before.length > MANY) cursor.before.shift();
    cursor.line = { stream, spans: [] };
    cursor.column = undefined;
    this.lines.push(cursor.line);
  }
}

function amount(given: string): number {
  return Math.min(WIDEST, Number.parseInt(given, 10) || 1);
}

function widthOf(line: TextLine): number {
  return line.spans.reduce((sum, [text]) => sum + text.length, 0);
}

function columnOf(cursor: Cursor): number {
  return cursor.column ?? widthOf(cursor.line);
}

function up(cursor: Cursor, many: number, toStart: boolean): void {
  const column = columnOf(cursor);
  for (let at = 0; at < many; at += 1) {
    const line = cursor.before.pop();
    if (!line) break;
    cursor.below.push(cursor.line);
    cursor.line = line;
  }
  cursor.column = toStart ? 0 : column;
}

/** Return the spans between two columns. */
function cut(spans: Span[], from: number, to: number): Span[] {
  const found: Span[] = [];
  let at = 0;
  for (const [text, style] of spans) {
    const piece = text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (piece) found.push([piece, style]);
    at += text.length;
  }
  return found;
}

function put(cursor: Cursor, text: string): void {
  const { line, style } = cursor;
  if (cursor.column === undefined) {
    const last = line.spans.at(-1);
    if (last && last[1] === style) last[0] += text;
    else line.spans.push([text, style]);
    return;
  }
  const width = widthOf(line);
  const from = cursor.column;
  const end = from + text.length;
  const before = cut(line.spans, 0, from);
  const gap: Span[] = from > width ? [[" ".repeat(from - width), PLAIN]] : [];
  line.spans = [...before, ...gap, [text, style], ...cut(line.spans, end, width)];
  cursor.column = end >= width ? undefined : end;
}

function erase(cursor: Cursor, given: string): void {
  const column = columnOf(cursor);
  const width = widthOf(cursor.line);
  if (given === "2") cursor.line.spans = [];
  else if (given === "1") {
    const rest = cut(cursor.line.spans, column, width);
    cursor.line.spans = [[" ".repeat(Math.min(column, width)), PLAIN], ...rest];
  } else cursor.line.spans = cut(cursor.line.spans, 0, column);
  cursor.column = column;
}

function styled(before: Style, given: string): Style {
  const codes = given.split(/[;:]/).map((code) => Number.parseInt(code, 10) || 0);
  let style: Style = { ...before };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [color, taken] = chosen(codes.slice(at + 1));
      if (color !== undefined) style[code === 38 ? "color" : "background"] = color;
      at += taken;
    } else style = changed(style, code);
  }
  return Object.keys(style).length === 0 ? PLAIN : style;
}

function changed(style: Style, code: number): Style {
  const without = (...names: (keyof Style)[]) => {
    const rest = { ...style };
    for (const name of names) delete rest[name];
    return rest;
  };
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, faint: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return without("bold", "faint");
  if (code === 23) return without("italic");
  if (code === 24) return without("underline");
  if (code === 39) return without("color");
  if (code === 49) return without("background");
  if (code >= 30 && code <= 37) return { ...style, color: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, color: code - 82 };
  if (code >= 40 && code <= 47) return { ...style, background: code - 40 };
  if (code >= 100 && code <= 107) return { ...style, background: code - 92 };
  return style;
}

/** Return the nearest of the sixteen colours for 5;n or 2;r;g;b, and how many codes that took. */
function chosen(codes: number[]): [number | undefined, number] {
  const [kind, one = 0, two = 0, three = 0] = codes;
  if (kind === 2) return [nearest(one, two, three), 4];
  if (kind !== 5) return [undefined, 0];
  if (one < 16) return [one, 2];
  if (one >= 232) {
    const grey = (one - 232) * 10 + 8;
    return [nearest(grey, grey, grey), 2];
  }
  const step = (part: number) => (part === 0 ? 0 : part * 40 + 55);
  const cube = one - 16;
  return [nearest(step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6)), 2];
}

function nearest(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most - least < 40) return most < 60 ? 0 : most < 140 ? 8 : most < 220 ? 7 : 15;
  const middle = (most + least) / 2;
  const hue = (red > middle ? 1 : 0) + (green > middle ? 2 : 0) + (blue > middle ? 4 : 0);
  return most > 180 ? hue + 8 : hue;
}

/** Return a line without its colours. */
export function plainText(line: TextLine): string {
  return line.spans.map(([text]) => text).join("");
}
