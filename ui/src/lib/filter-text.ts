// The text of a filter as pieces, as the server's own lexer cuts it (src/mlflow/_search/lexer.py).

type TokenKind =
  | "word"
  | "path"
  | "text"
  | "backtick"
  | "number"
  | "operator"
  | "open"
  | "close"
  | "comma"
  | "end";

export interface Token {
  kind: TokenKind;
  text: string; // as it stands
  value: string; // without quotes, or the prefix of a path
  key: string; // of a path
  position: number;
  isDouble: boolean; // in double quotes: a text or a name
}

/** What is wrong with a filter, and where: the position counts from 0. */
export class FilterError extends Error {
  constructor(
    readonly position: number,
    readonly found: string,
    readonly expected: string,
  ) {
    super(`Position ${position + 1}: found ${found}, expected ${expected}`);
  }
}

const TOKEN =
  /(?<space>\s+)|(?<string>'[^']*(?:''[^']*)*')|(?<double>"[^"]*(?:""[^"]*)*")|(?<backtick>`[^`]*(?:``[^`]*)*`)|(?<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?[\w.]*)|(?<operator>==|<>|<=|>=|!=|=|<|>)|(?<open>\()|(?<close>\))|(?<comma>,)|(?<word>[\p{L}_][\p{L}\p{N}_]*)/uy;
const BARE_KEY = /[\p{L}\p{N}_.\-/:@]+/uy;
const QUOTED_KEY = /'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"|`[^`]*(?:``[^`]*)*`/y;
const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;

function unquote(text: string): string {
  const quote = text.charAt(0);
  return "'\"`".includes(quote) ? text.slice(1, -1).replaceAll(quote + quote, quote) : text;
}

function at(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}

/** Return the pieces of a filter; the last one is the end. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const match = at(TOKEN, text, position);
    const groups = match?.groups;
    if (!match || !groups) throw unknown(text, position);
    const found = match[0];
    let end = position + found.length;
    const name = Object.keys(groups).find((one) => groups[one] !== undefined) ?? "";
    if (/^(?:word|double|backtick)$/.test(name) && text[end] === ".") {
      const quoted = "'\"`".includes(text.charAt(end + 1)) && end + 1 < text.length;
      const key = at(quoted ? QUOTED_KEY : BARE_KEY, text, end + 1);
      if (!key) {
        if (quoted) throw unknown(text, end + 1);
        const odd = text[end + 1];
        throw new FilterError(end + 1, odd ? `“${odd}”` : "the end", `a key after “${found}.”`);
      }
      end += 1 + key[0].length;
      tokens.push({
        kind: "path",
        text: text.slice(position, end),
        value: unquote(found),
        key: unquote(key[0]),
        position,
        isDouble: false,
      });
    } else if (name === "number" && !NUMBER.test(found)) {
      throw new FilterError(position, `“${found}”`, "a number such as 3, -0.5 or 1e-3");
    } else if (name !== "space") {
      tokens.push({
        kind: (name === "string" || name === "double" ? "text" : name) as TokenKind,
        text: found,
        value: unquote(found),
        key: "",
        position,
        isDouble: name === "double",
      });
    }
    position = end;
  }
  tokens.push({
    kind: "end",
    text: "",
    value: "",
    key: "",
    position: text.length,
    isDouble: false,
  });
  return tokens;
}

function unknown(text: string, position: number): FilterError {
  const sign = text.charAt(position);
  return "'\"`".includes(sign)
    ? new FilterError(position, `${sign} that is never closed`, `a closing ${sign}`)
    : new FilterError(position, `“${sign}”`, "a field, an operator or a value");
}

/** Return a key as a filter, an order or a column writes it. */
export function quotedKey(key: string): string {
  return /^[\w.\-/:@]+$/.test(key) ? key : `\`${key.replaceAll("`", "``")}\``;
}

/** Return a text as a filter writes it. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
