// Code in colours: a small tokenizer that knows strings, comments, numbers and keywords.

type Mark = "comment" | "string" | "keyword" | "number" | "name" | "added" | "removed" | "at";
export type Token = [text: string, mark: Mark | undefined];

interface Language {
  comments: RegExp[];
  strings: RegExp[];
  keywords: Set<string>;
  names?: RegExp; // keys of documents
  atStart?: boolean; // names stand at the beginning of a line only
}

const words = (text: string) => new Set(text.split(" "));
const DOUBLE = /"(?:[^"\\\n]|\\.)*"?/y;
const SINGLE = /'(?:[^'\\\n]|\\.)*'?/y;
const HASH = /#[^\n]*/y;
const SLASHES = [/\/\/[^\n]*/y, /\/\*[\s\S]*?(?:\*\/|$)/y];
const NUMBER = /(?:0[xob][\da-f_]+|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)\w*/iy;
const WORD = /[A-Za-z_$][\w$]*/y;

const PYTHON: Language = {
  comments: [HASH],
  strings: [
    /[rbuf]{0,2}"""[\s\S]*?(?:"""|$)/iy,
    /[rbuf]{0,2}'''[\s\S]*?(?:'''|$)/iy,
    DOUBLE,
    SINGLE,
  ],
  keywords: words(
    "and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return True try while with yield",
  ),
};
const SCRIPT: Language = {
  comments: SLASHES,
  strings: [DOUBLE, SINGLE, /`(?:[^`\\]|\\.)*`?/y],
  keywords: words(
    "abstract as async await bool boolean break case catch char class const continue default delete do double else enum export extends false final finally float fn for from func function go if impl import in int interface let long match mut namespace new null package private protected pub public return static string struct super switch this throw true try type typeof undefined unsigned use using var void while yield",
  ),
};
const SHELL: Language = {
  comments: [HASH],
  strings: [DOUBLE, /'[^']*'?/y],
  keywords: words(
    "case do done elif else esac export fi for function if in local return set then while ARG CMD COPY ENV FROM RUN WORKDIR",
  ),
};
const SQL: Language = {
  comments: [/--[^\n]*/y, SLASHES[1] ?? HASH],
  strings: [/'(?:[^']|'')*'?/y, DOUBLE],
  keywords: words(
    "all and as asc between by case create delete desc distinct drop else end exists from group having in index inner insert into is join left like limit not null on or order outer primary select set table then union update values when where with",
  ),
};
const YAML: Language = {
  comments: [HASH],
  strings: [DOUBLE, SINGLE],
  keywords: words("true false null yes no"),
  names: /[\w."'-]{1,200}(?=[ \t]{0,20}[:=](?:\s|$))|\[[^\]\n]{0,200}\]/y,
  atStart: true,
};
const JSON_: Language = {
  comments: [],
  strings: [DOUBLE],
  keywords: words("true false null NaN Infinity"),
  names: /"(?:[^"\\\n]|\\.)*"(?=\s*:)/y,
};
const MARKUP: Language = {
  comments: [/<!--[\s\S]*?(?:-->|$)/y],
  strings: [DOUBLE],
  keywords: new Set(),
  names: /<\/?[A-Za-z!?][\w:-]*|\/?>/y,
};

const LANGUAGES = new Map<string, Language>();
for (const [names, language] of [
  ["py python ipy pyi r jl rb", PYTHON],
  ["js jsx ts tsx mjs javascript typescript c h cc cpp cu java go rs css scala kt swift", SCRIPT],
  ["sh bash zsh shell console dockerfile makefile env", SHELL],
  ["sql", SQL],
  ["yaml yml toml ini cfg conf mlmodel properties lock", YAML],
  ["json jsonl", JSON_],
  ["html htm xml svg", MARKUP],
] as const) {
  for (const name of names.split(" ")) LANGUAGES.set(name, language);
}

/** Return the name of the language of a file; "" for plain text. */
export function languageOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const ending = name.slice(name.lastIndexOf(".") + 1);
  if (ending === "diff" || ending === "patch") return "diff";
  return LANGUAGES.has(ending) ? ending : "";
}

/** Return the lines of a text as tokens. */
export function highlight(text: string, language: string): Token[][] {
  if (language === "diff" || language === "patch") return text.split("\n").map(diffLine);
  const rules = LANGUAGES.get(language.toLowerCase());
  if (!rules) return text.split("\n").map((line) => [[line, undefined]]);
  const lines: Token[][] = [[]];
  let plain = "";
  const flush = () => {
    if (plain) put(lines, plain, undefined);
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const [length, mark] = tokenAt(text, at, rules);
    const piece = text.slice(at, at + length);
    if (mark === undefined) plain += piece;
    else {
      flush();
      put(lines, piece, mark);
    }
    at += length;
  }
  flush();
  return lines;
}

function put(lines: Token[][], text: string, mark: Mark | undefined): void {
  const [first = "", ...rest] = text.split("\n");
  if (first) lines.at(-1)?.push([first, mark]);
  for (const line of rest) lines.push(line ? [[line, mark]] : []);
}

function matched(rule: RegExp, text: string, at: number): number {
  rule.lastIndex = at;
  return rule.exec(text)?.[0].length ?? 0;
}

function mayName(rules: Language, text: string, at: number): boolean {
  if (!rules.atStart) return true;
  const before = text.slice(Math.max(0, at - 80), at);
  return (
    /(?:^|\n)[ \t-]*$/.test(before.slice(before.lastIndexOf("\n") + 1)) &&
    !/\S/.test(text[at - 1] ?? " ")
  );
}

function tokenAt(text: string, at: number, rules: Language): [number, Mark | undefined] {
  const char = text[at] ?? "";
  if (char === " " || char === "\n") return [1, undefined];
  for (const rule of rules.comments) {
    const length = matched(rule, text, at);
    if (length) return [length, "comment"];
  }
  const named = rules.names && mayName(rules, text, at) ? matched(rules.names, text, at) : 0;
  if (named) return [named, "name"];
  for (const rule of rules.strings) {
    const length = matched(rule, text, at);
    if (length) return [length, "string"];
  }
  if (char >= "0" && char <= "9") return [matched(NUMBER, text, at) || 1, "number"];
  const word = matched(WORD, text, at);
  if (!word) return [1, undefined];
  const found = text.slice(at, at + word);
  const isKeyword =
    rules.keywords.has(found) || (rules === SQL && SQL.keywords.has(found.toLowerCase()));
  return [word, isKeyword ? "keyword" : undefined];
}

function diffLine(line: string): Token[] {
  const mark: Mark | undefined =
    /^(\+\+\+|---|diff |index |new |deleted |rename |similarity )/.test(line)
      ? "comment"
      : line.startsWith("@@")
        ? "at"
        : line.startsWith("+")
          ? "added"
          : line.startsWith("-")
            ? "removed"
            : undefined;
  return [[line, mark]];
}
