// Markdown as a tree of plain values: what it cannot read is text, and nothing in it becomes HTML.

export type Inline =
  | string
  | { kind: "strong" | "em" | "strike"; parts: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "link"; href: string; parts: Inline[] }
  | { kind: "image"; href: string; text: string }
  | { kind: "break" };

type Align = "left" | "right" | "center" | undefined;

export type Block =
  | { kind: "heading"; level: number; parts: Inline[] }
  | { kind: "paragraph"; parts: Inline[] }
  | { kind: "code"; language: string; text: string }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "list"; start: number | undefined; items: Item[] }
  | { kind: "table"; align: Align[]; head: Inline[][]; rows: Inline[][][] }
  | { kind: "rule" };

interface Item {
  done: boolean | undefined; // of a task
  blocks: Block[];
}

const DEEPEST = 8;
const LONGEST = 2000; // characters of a link's text or address
const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/;
const HEADING = /^ {0,3}(#{1,6})(?:\s+(.*))?$/;
const RULE = /^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;
const MARKER = /^( *)([-*+]|\d{1,9}[.)])(?: +|$)/;
const ADDRESS = /https?:\/\/[^\s<>"'`)\]]{1,2000}/y;

/** Return the address if it is one that a link may have: http or https, undefined otherwise. */
export function safeHref(text: string): string | undefined {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Return a text as blocks. */
export function parseMarkdown(text: string): Block[] {
  return blocksOf(text.replace(/\r\n?/g, "\n").split("\n"), 0);
}

function blocksOf(lines: string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (!line.trim()) {
      at += 1;
      continue;
    }
    const found = blockAt(lines, at, depth);
    blocks.push(found[0]);
    at = found[1];
  }
  return blocks;
}

/** Return the block that begins at a line, and the line after it. */
function blockAt(lines: string[], at: number, depth: number): [Block, number] {
  const line = lines[at] ?? "";
  const fence = FENCE.exec(line);
  if (fence) return codeAt(lines, at, fence[1] ?? "```", fence[2] ?? "");
  const heading = HEADING.exec(line);
  if (heading) {
    const words = (heading[2] ?? "").replace(/(?:^|\s)#+\s*$/, "");
    return [{ kind: "heading", level: heading[1]?.length ?? 1, parts: parseInline(words) }, at + 1];
  }
  if (RULE.test(line)) return [{ kind: "rule" }, at + 1];
  if (depth < DEEPEST && /^ {0,3}>/.test(line)) {
    let end = at;
    while (end < lines.length && /^ {0,3}>/.test(lines[end] ?? "")) end += 1;
    const inner = lines.slice(at, end).map((one) => one.replace(/^ {0,3}> ?/, ""));
    return [{ kind: "quote", blocks: blocksOf(inner, depth + 1) }, end];
  }
  if (depth < DEEPEST && MARKER.test(line)) return listAt(lines, at, depth);
  const align = alignOf(lines[at + 1] ?? "");
  if (align && line.includes("|")) return tableAt(lines, at, align);
  let end = at + 1;
  while (end < lines.length && !endsParagraph(lines, end)) end += 1;
  return [{ kind: "paragraph", parts: parseInline(lines.slice(at, end).join("\n")) }, end];
}

function endsParagraph(lines: string[], at: number): boolean {
  const line = lines[at] ?? "";
  return (
    !line.trim() ||
    FENCE.test(line) ||
    HEADING.test(line) ||
    RULE.test(line) ||
    MARKER.test(line) ||
    /^ {0,3}>/.test(line)
  );
}

function codeAt(lines: string[], at: number, mark: string, language: string): [Block, number] {
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? "").trimStart().startsWith(mark)) end += 1;
  return [{ kind: "code", language, text: lines.slice(at + 1, end).join("\n") }, end + 1];
}

function listAt(lines: string[], at: number, depth: number): [Block, number] {
  const first = MARKER.exec(lines[at] ?? "");
  const indent = first?.[1]?.length ?? 0;
  const ordered = /\d/.test(first?.[2] ?? "");
  const items: Item[] = [];
  let here = at;
  while (here < lines.length) {
    const marker = MARKER.exec(lines[here] ?? "");
    if (!marker || (marker[1]?.length ?? 0) !== indent) break;
    if (/\d/.test(marker[2] ?? "") !== ordered || RULE.test(lines[here] ?? "")) break;
    const width = marker[0].length;
    const inner = [(lines[here] ?? "").slice(width)];
    here += 1;
    while (here < lines.length) {
      const line = lines[here] ?? "";
      const inset = line.length - line.trimStart().length;
      if (line.trim() && inset <= indent) break;
      // A blank line belongs to the item only if more of the item follows.
      if (!line.trim() && !/^\s/.test(lines[here + 1] ?? "")) break;
      inner.push(line.slice(Math.min(inset, width)));
      here += 1;
    }
    const task = /^\[([ xX])\]\s/.exec(inner[0] ?? "");
    if (task) inner[0] = (inner[0] ?? "").slice(task[0].length);
    items.push({ done: task ? task[1] !== " " : undefined, blocks: blocksOf(inner, depth + 1) });
    const next = lines[here + 1] ?? "";
    if (!(lines[here] ?? "x").trim() && MARKER.exec(next)?.[1]?.length === indent) here += 1;
  }
  const start = ordered ? Number.parseInt(first?.[2] ?? "1", 10) : undefined;
  return [{ kind: "list", start, items }, here];
}

function cellsOf(line: string): string[] {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function alignOf(line: string): Align[] | undefined {
  if (!line.includes("-") || !/^[\s|:-]+$/.test(line)) return undefined;
  const cells = cellsOf(line);
  if (!cells.every((cell) => /^:?-+:?$/.test(cell))) return undefined;
  return cells.map((cell) => {
    if (cell.endsWith(":")) return cell.startsWith(":") ? "center" : "right";
    return cell.startsWith(":") ? "left" : undefined;
  });
}

function tableAt(lines: string[], at: number, align: Align[]): [Block, number] {
  const rowOf = (line: string) => {
    const cells = cellsOf(line);
    return align.map((_, column) => parseInline(cells[column] ?? ""));
  };
  let end = at + 2;
  while (end < lines.length && (lines[end] ?? "").includes("|")) end += 1;
  const rows = lines.slice(at + 2, end).map(rowOf);
  return [{ kind: "table", align, head: rowOf(lines[at] ?? ""), rows }, end];
}

/** Return a text without blocks: emphasis, code and links. */
export function parseInline(text: string, depth = 0): Inline[] {
  const parts: Inline[] = [];
  const missing = new Set<string>(); // marks that have no end further on: not looked for again
  let plain = "";
  let at = 0;
  const add = (part: Inline, to: number) => {
    if (plain) parts.push(plain);
    plain = "";
    parts.push(part);
    at = to;
  };
  while (at < text.length) {
    const found = depth < DEEPEST ? inlineAt(text, at, depth, missing) : undefined;
    if (found) add(...found);
    else if (text[at] === "\\" && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? "")) {
      plain += text[at + 1];
      at += 2;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain) parts.push(plain);
  return parts;
}

function inlineAt(
  text: string,
  at: number,
  depth: number,
  missing: Set<string>,
): [Inline, number] | undefined {
  const find = (mark: string, from: number) => {
    if (missing.has(mark)) return -1;
    const end = text.indexOf(mark, from);
    if (end < 0) missing.add(mark);
    return end;
  };
  switch (text[at]) {
    case "`": {
      const mark = /`+/y;
      mark.lastIndex = at;
      const ticks = mark.exec(text)?.[0] ?? "`";
      const end = find(ticks, at + ticks.length);
      if (end < 0) return undefined;
      const code = text.slice(at + ticks.length, end).replaceAll("\n", " ");
      return [{ kind: "code", text: code.trim() || code }, end + ticks.length];
    }
    case "*":
    case "_":
    case "~":
      return emphasisAt(text, at, depth, find);
    case "!":
    case "[":
      return linkAt(text, at, depth);
    case "h": {
      if (/\w/.test(text[at - 1] ?? "")) return undefined;
      ADDRESS.lastIndex = at;
      const address = ADDRESS.exec(text)?.[0].replace(/[.,;:!?]+$/, "");
      const href = address && safeHref(address);
      return href ? [{ kind: "link", href, parts: [address] }, at + address.length] : undefined;
    }
    case "<": {
      const address = /^<(https?:\/\/[^\s<>]{1,2000})>/.exec(text.slice(at, at + LONGEST))?.[1];
      const href = address && safeHref(address);
      return href ? [{ kind: "link", href, parts: [address] }, at + address.length + 2] : undefined;
    }
    case " ":
      return text.startsWith("  \n", at) ? [{ kind: "break" }, at + 3] : undefined;
    default:
      return undefined;
  }
}

function emphasisAt(
  text: string,
  at: number,
  depth: number,
  find: (mark: string, from: number) => number,
): [Inline, number] | undefined {
  const char = text[at] ?? "";
  const mark = text[at + 1] === char ? char + char : char;
  if (char === "~" && mark.length < 2) return undefined;
  // An underscore within a word is one: names of keys have many.
  if (char === "_" && /\w/.test(text[at - 1] ?? "")) return undefined;
  const from = at + mark.length;
  if (/\s/.test(text[from] ?? " ")) return undefined;
  const end = find(mark, from);
  if (end <= from || /\s/.test(text[end - 1] ?? "")) return undefined;
  if (char === "_" && /\w/.test(text[end + mark.length] ?? "")) return undefined;
  const parts = parseInline(text.slice(from, end), depth + 1);
  const kind = char === "~" ? "strike" : mark.length === 2 ? "strong" : "em";
  return [{ kind, parts }, end + mark.length];
}

function linkAt(text: string, at: number, depth: number): [Inline, number] | undefined {
  const isImage = text[at] === "!";
  const open = isImage ? at + 1 : at;
  if (text[open] !== "[") return undefined;
  const near = text.slice(open, open + LONGEST);
  const middle = near.indexOf("](");
  const close = near.indexOf(")", middle);
  if (middle < 0 || close < 0) return undefined;
  const href = safeHref(
    near
      .slice(middle + 2, close)
      .trim()
      .split(/\s/)[0] ?? "",
  );
  if (!href) return undefined;
  const label = near.slice(1, middle);
  const end = open + close + 1;
  if (isImage) return [{ kind: "image", href, text: label }, end];
  return [{ kind: "link", href, parts: parseInline(label, depth + 1) }, end];
}
