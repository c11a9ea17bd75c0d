// What may stand at a place in a filter: for the list that completes it.
import type { Field, FieldKind } from "./filter";
import { parseFilter } from "./filter";

export interface Hint {
  wants: "field" | "operator" | "value" | "and" | "list" | "comma" | "join";
  from: number; // where what is being typed begins
  typed: string;
  field?: Field;
}

const PIECE =
  /\s+|'(?:[^']|'')*'?|(?:[\p{L}_]\w*|"(?:[^"]|"")*")\.(?:`(?:[^`]|``)*`?|"(?:[^"]|"")*"?|'(?:[^']|'')*'?|[\p{L}\p{N}_.\-/:@]*)|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|[-+]?[\d.][\w.]*|<=|>=|!=|=|<|>|[(),]|[\p{L}_]\w*|./gu;

/** Return what may stand where the cursor is. */
export function hintAt(text: string, cursor: number): Hint {
  const pieces: [string, number][] = [];
  const before = text.slice(0, cursor);
  for (const match of before.matchAll(PIECE)) {
    pieces.push([match[0], match.index]);
  }
  let typed = "";
  let from = cursor;
  const last = pieces.at(-1);
  // A piece that ends at the cursor is still being typed, unless it is a sign or closed.
  if (last && !/^(?:\s+|[(),]|'(?:[^']|'')*'|[<>=!]+)$/.test(last[0])) {
    [typed, from] = last;
    pieces.pop();
  }
  let state: State = "field";
  let field: Field | undefined;
  for (const [piece] of pieces) {
    if (!piece.trim()) continue;
    if (state === "field" && piece !== "(" && piece.toUpperCase() !== "NOT") {
      field = fieldOf(piece);
      state = "operator";
    } else state = after(state, piece.toUpperCase());
  }
  return { wants: WANTS[state], from, typed, ...(field ? { field } : {}) };
}

type State = "field" | "operator" | "value" | "low" | "middle" | "list" | "item" | "comma" | "join";

const WANTS: Record<State, Hint["wants"]> = {
  field: "field",
  operator: "operator",
  value: "value",
  low: "value",
  item: "value",
  middle: "and",
  list: "list",
  comma: "comma",
  join: "join",
};

function after(state: State, word: string): State {
  switch (state) {
    case "operator":
      if (word === "NOT" || word === "IS") return "operator";
      if (word === "NULL") return "join";
      return word === "BETWEEN" ? "low" : word === "IN" ? "list" : "value";
    case "low":
      return "middle";
    case "middle":
      return "value";
    case "list":
      return "item";
    case "item":
      return "comma";
    case "comma":
      return word === "," ? "item" : "join";
    case "value":
      return "join";
    case "join":
      return word === "AND" || word === "OR" ? "field" : "join";
    default:
      return state;
  }
}

function fieldOf(piece: string): Field | undefined {
  for (const value of ["1", "''"]) {
    try {
      const node = parseFilter(`${piece} = ${value}`);
      if (node?.is === "test") return node.field;
    } catch {
      // The other kind of value, or no field at all.
    }
  }
  return undefined;
}

/** Return the kind and the beginning of a key in what is being typed, such as metrics.lo. */
export function keyBeingTyped(typed: string): { kind?: FieldKind; part: string } {
  const parts = /^(metrics?|params?|parameters?|tags?)\.[`"']?(.*)$/.exec(typed);
  if (!parts) return { part: typed.replace(/^["`]/, "") };
  const kind = parts[1]?.startsWith("m")
    ? "metrics"
    : parts[1]?.startsWith("t")
      ? "tags"
      : "params";
  return { kind, part: parts[2] ?? "" };
}
