// The MLmodel file: the part of YAML that it is written in, read as text and nothing but text.
// A loader that makes things of types that a file names has run scripts elsewhere; this one has no types.

export type Yaml = string | undefined | Yaml[] | Map<string, Yaml>;

interface Line {
  indent: number;
  text: string;
}

/** Return what a file says; what this does not read is left out. */
export function parseMlmodel(source: string): Map<string, Yaml> {
  const lines: Line[] = [];
  for (const raw of source.split(/\r?\n/)) {
    lines.push({ indent: raw.length - raw.trimStart().length, text: raw.trim() });
  }
  const found = new Reader(lines).block(0);
  return found instanceof Map ? found : new Map();
}

/** Return the text at a path of keys, undefined where there is none. */
export function textAt(from: Yaml, ...keys: string[]): string | undefined {
  const found = at(from, ...keys);
  return typeof found === "string" ? found : undefined;
}

/** Return what is at a path of keys. */
export function at(from: Yaml, ...keys: string[]): Yaml {
  let found = from;
  for (const key of keys) found = found instanceof Map ? found.get(key) : undefined;
  return found;
}

const KEY =
  /^((?:"(?:[^"\\]|\\.)*")|(?:'(?:[^']|'')*')|[^\s"'#\-?[\]{},&*!|>%@`][^:#]*|-[^\s:][^:#]*):(?:\s+(.*))?$/;
const DEEPEST = 40;

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly lines: Line[]) {}

  block(least: number): Yaml {
    this.skip();
    const first = this.lines[this.at];
    if (!first || first.indent < least || this.depth > DEEPEST) return undefined;
    this.depth += 1;
    const found =
      first.text.startsWith("- ") || first.text === "-"
        ? this.list(first.indent)
        : this.mapping(first.indent);
    this.depth -= 1;
    return found;
  }

  private skip(): void {
    for (;;) {
      const line = this.lines[this.at];
      if (!line || (line.text !== "" && !line.text.startsWith("#") && line.text !== "---")) return;
      this.at += 1;
    }
  }

  private mapping(indent: number): Map<string, Yaml> {
    const found = new Map<string, Yaml>();
    for (;;) {
      this.skip();
      const line = this.lines[this.at];
      if (!line || line.indent < indent) return found;
      const parts = line.indent === indent ? KEY.exec(line.text) : null;
      this.at += 1;
      if (!parts) continue;
      found.set(plain(parts[1] ?? ""), this.value(parts[2] ?? "", indent));
    }
  }

  private list(indent: number): Yaml[] {
    const found: Yaml[] = [];
    for (;;) {
      this.skip();
      const line = this.lines[this.at];
      if (!line || line.indent !== indent || !/^-(\s|$)/.test(line.text)) return found;
      const rest = line.text.slice(1).trimStart();
      if (KEY.test(rest)) {
        // A mapping that begins on the line of its dash.
        this.lines[this.at] = { indent: indent + line.text.length - rest.length, text: rest };
        found.push(this.block(indent + 1));
      } else {
        this.at += 1;
        found.push(this.value(rest, indent));
      }
    }
  }

  private value(text: string, indent: number): Yaml {
    if (text === "") {
      this.skip();
      const next = this.lines[this.at];
      if (!next) return undefined;
      const isList = next.text.startsWith("- ") && next.indent >= indent;
      return next.indent > indent || isList ? this.block(next.indent) : undefined;
    }
    if (/^[|>][+-]?$/.test(text)) return this.literal(text.startsWith("|"), indent);
    const quote = text[0];
    if (quote === '"' || quote === "'") return this.quoted(text, quote);
    const words = [text.replace(/\s+#.*$/, "")];
    for (let line = this.lines[this.at]; line?.text && line.indent > indent; ) {
      words.push(line.text);
      this.at += 1;
      line = this.lines[this.at];
    }
    return plain(words.join(" "));
  }

  private quoted(start: string, quote: string): string {
    const words = [start];
    let breaks = 0;
    let isOpen = opens(start.slice(1), quote);
    while (isOpen) {
      const line = this.lines[this.at];
      if (!line) break;
      this.at += 1;
      if (line.text === "") {
        breaks += 1;
        continue;
      }
      const last = words.at(-1) ?? "";
      const goesOn = quote === '"' && /(^|[^\\])(\\\\)*\\$/.test(last);
      if (goesOn) words[words.length - 1] = last.slice(0, -1);
      else words.push(breaks > 0 ? "\n".repeat(breaks) : " ");
      breaks = 0;
      words.push(line.text);
      isOpen = opens(line.text, quote);
    }
    return plain(words.join(""));
  }

  private literal(keeps: boolean, indent: number): string {
    const words: string[] = [];
    let first: number | undefined;
    for (;;) {
      const line = this.lines[this.at];
      if (!line || (line.text !== "" && line.indent <= indent)) break;
      first ??= line.text === "" ? undefined : line.indent;
      words.push(" ".repeat(Math.max(0, line.indent - (first ?? line.indent))) + line.text);
      this.at += 1;
    }
    return words.join(keeps ? "\n" : " ").trimEnd();
  }
}

// A line of a quoted text leaves it open where its quotes come in pairs, or where none is bare.
function opens(text: string, quote: string): boolean {
  if (quote === "'") return text.split("'").length % 2 === 1;
  return !text.replace(/\\./g, "").includes('"');
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", "0": "\0", " ": " " };

function plain(text: string): string {
  if (text.startsWith("'")) return text.replace(/^'|'\s*(#.*)?$/g, "").replaceAll("''", "'");
  if (!text.startsWith('"')) return text === "null" || text === "~" ? "" : text.trim();
  const inner = text.replace(/^"|"\s*(#.*)?$/g, "");
  return inner.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/g, (_, u, x, one) =>
    u || x ? String.fromCharCode(Number.parseInt(u ?? x, 16)) : (ESCAPES[one] ?? one),
  );
}
