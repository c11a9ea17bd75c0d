// A filter as a tree: read, written, joined. The grammar is that of src/mlflow/_search/parser.py.
import { FilterError, quotedKey, quotedText, type Token, tokenize } from "./filter-text";

export type FieldKind = "metrics" | "params" | "tags" | "attributes" | "datasets";

export interface Field {
  kind: FieldKind;
  key: string;
}

type Value = string | number;

export interface Test {
  is: "test";
  field: Field;
  operator: string;
  values: Value[];
}

export type Node = Test | { is: "and" | "or"; operands: Node[] } | { is: "not"; operand: Node };

const PREFIXES: Record<string, FieldKind> = {
  attributes: "attributes",
  attribute: "attributes",
  attr: "attributes",
  run: "attributes",
  metrics: "metrics",
  metric: "metrics",
  params: "params",
  parameters: "params",
  param: "params",
  parameter: "params",
  tags: "tags",
  tag: "tags",
  datasets: "datasets",
  dataset: "datasets",
};
export const ATTRIBUTES = [
  "run_name",
  "status",
  "start_time",
  "end_time",
  "user_id",
  "run_id",
  "artifact_uri",
  "duration",
] as const;
const SPELLINGS: Record<string, string> = {
  "run name": "run_name",
  "Run name": "run_name",
  "Run Name": "run_name",
  created: "start_time",
  Created: "start_time",
};
const DATASET_KEYS = ["name", "digest", "context"] as const;
const NUMBERS = ["start_time", "end_time", "duration"];
const SIGNS = ["=", "!=", "<", "<=", ">", ">="];
const KEYWORDS = ["AND", "OR", "NOT"];

/** Return whether the values of a field are numbers. */
export function isNumeric({ kind, key }: Field): boolean {
  return kind === "metrics" || (kind === "attributes" && NUMBERS.includes(key));
}

/** Return the operators that a field takes. */
export function operatorsOf(field: Field): string[] {
  return isNumeric(field)
    ? [...SIGNS, "BETWEEN", "IN", "IS NULL", "IS NOT NULL"]
    : [
        "=",
        "!=",
        "LIKE",
        "ILIKE",
        "NOT LIKE",
        "NOT ILIKE",
        "IN",
        "NOT IN",
        "IS NULL",
        "IS NOT NULL",
      ];
}

/** Return the tree of a filter, undefined for an empty one. */
export function parseFilter(text: string): Node | undefined {
  if (!text.trim()) return undefined;
  const reader = new Reader(tokenize(text));
  const node = reader.or();
  reader.expect("end", "AND, OR or the end of the filter");
  return node;
}

class Reader {
  private next = 0;
  constructor(private readonly tokens: Token[]) {}

  private peek(): Token {
    const token = this.tokens[this.next] ?? this.tokens.at(-1);
    if (!token) throw new FilterError(0, "nothing", "a filter");
    return token;
  }

  private take(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.next += 1;
    return token;
  }

  private isAt(word: string): boolean {
    const token = this.peek();
    return token.kind === "word" && token.text.toUpperCase() === word;
  }

  private skip(word: string): boolean {
    if (!this.isAt(word)) return false;
    this.next += 1;
    return true;
  }

  private fail(token: Token, expected: string): FilterError {
    const found = token.kind === "end" ? "the end" : `“${token.text}”`;
    return new FilterError(token.position, found, expected);
  }

  expect(kind: Token["kind"], expected: string): void {
    const token = this.take();
    if (token.kind !== kind) throw this.fail(token, expected);
  }

  or(): Node {
    const operands = [this.and()];
    while (this.skip("OR")) operands.push(this.and());
    return joined("or", operands);
  }

  private and(): Node {
    const operands = [this.not()];
    for (;;) {
      const wasJoined = this.skip("AND");
      const token = this.peek();
      const follows =
        token.kind === "path" ||
        token.kind === "backtick" ||
        token.isDouble ||
        (token.kind === "word" && !KEYWORDS.includes(token.text.toUpperCase()));
      // Upstream's grammar lets AND be left out between two tests.
      if (!follows && !(wasJoined && token.kind !== "close")) {
        if (wasJoined) throw this.fail(token, "a field after AND");
        return joined("and", operands);
      }
      operands.push(this.not());
    }
  }

  private not(): Node {
    if (this.skip("NOT")) return { is: "not", operand: this.not() };
    if (this.peek().kind !== "open") return this.test();
    this.take();
    const node = this.or();
    this.expect("close", "AND, OR or “)”");
    return node;
  }

  private field(): Field {
    const token = this.take();
    const named = ["word", "path", "backtick"].includes(token.kind) || token.isDouble;
    if (!named || KEYWORDS.includes(token.text.toUpperCase())) {
      throw this.fail(token, "a field such as metrics.loss, params.lr, tags.user or an attribute");
    }
    const kind = token.kind === "path" ? PREFIXES[token.value] : "attributes";
    if (!kind)
      throw this.fail(token, "metrics, params, tags, attributes or datasets before the dot");
    const given = token.kind === "path" ? token.key : token.value;
    const key = kind === "attributes" ? (SPELLINGS[given] ?? given) : given;
    const known: readonly string[] | undefined =
      kind === "attributes" ? ATTRIBUTES : kind === "datasets" ? DATASET_KEYS : undefined;
    if (known && !known.includes(key)) {
      const hint = token.kind === "path" ? "" : `; or metrics.${key}, params.${key}, tags.${key}`;
      throw this.fail(token, `one of ${known.join(", ")}${hint}`);
    }
    return { kind, key };
  }

  private test(): Test {
    const field = this.field();
    const token = this.take();
    const sign = token.kind === "operator" ? token.text : token.text.toUpperCase();
    const wrong = () => this.fail(token, `an operator: ${operatorsOf(field).join(", ")}`);
    if (token.kind === "operator") {
      if (!operatorsOf(field).includes(sign)) throw wrong();
      return { is: "test", field, operator: sign, values: [this.value(field)] };
    }
    if (token.kind !== "word") throw wrong();
    if (sign === "IS") {
      const operator = this.skip("NOT") ? "IS NOT NULL" : "IS NULL";
      if (!this.skip("NULL")) throw this.fail(this.peek(), "NULL or NOT NULL");
      return { is: "test", field, operator, values: [] };
    }
    const negated = sign === "NOT";
    const second = negated ? this.take() : token;
    const word = second.text.toUpperCase();
    const operator = negated ? `NOT ${word}` : word;
    if (word === "IN") return { is: "test", field, operator, values: this.list(field) };
    if (word === "BETWEEN") {
      const low = this.value(field);
      if (!this.skip("AND")) throw this.fail(this.peek(), "AND between the two ends of the range");
      return { is: "test", field, operator, values: [low, this.value(field)] };
    }
    if ((word === "LIKE" || word === "ILIKE") && !isNumeric(field)) {
      return { is: "test", field, operator, values: [this.value(field)] };
    }
    throw negated ? this.fail(second, "IN, LIKE, ILIKE or BETWEEN after NOT") : wrong();
  }

  private list(field: Field): Value[] {
    this.expect("open", "a list of values in parentheses");
    const values = [this.value(field)];
    for (;;) {
      const token = this.take();
      if (token.kind === "close") return values;
      if (token.kind !== "comma") throw this.fail(token, "“,” or “)”");
      if (this.peek().kind !== "close") values.push(this.value(field));
    }
  }

  private value(field: Field): Value {
    const token = this.take();
    if (isNumeric(field)) {
      if (token.kind !== "number") throw this.fail(token, "a number without quotes");
      return Number(token.text);
    }
    if (token.kind !== "text") throw this.fail(token, "text in quotes, such as 'tree'");
    return token.value;
  }
}

function joined(is: "and" | "or", operands: Node[]): Node {
  const [first] = operands;
  return operands.length === 1 && first ? first : { is, operands };
}

/** Return a field as a filter writes it. */
export function fieldText({ kind, key }: Field): string {
  return `${kind}.${quotedKey(key)}`;
}

const written = (value: Value) => (typeof value === "number" ? String(value) : quotedText(value));

/** Return the text of a tree. */
export function filterText(node: Node | undefined): string {
  if (!node) return "";
  if (node.is === "not") return `NOT (${filterText(node.operand)})`;
  if (node.is === "test") return testText(node);
  return node.operands
    .map((one) => (one.is === "and" || one.is === "or" ? `(${filterText(one)})` : filterText(one)))
    .join(node.is === "and" ? " AND " : " OR ");
}

function testText({ field, operator, values }: Test): string {
  const head = `${fieldText(field)} ${operator}`;
  if (values.length === 0) return head;
  if (operator.endsWith("IN")) return `${head} (${values.map(written).join(", ")})`;
  return `${head} ${values.map(written).join(" AND ")}`;
}

/** Return one filter that holds where all of some hold; empty ones say nothing. */
export function allOf(filters: string[]): string {
  const said = filters.map((one) => one.trim()).filter(Boolean);
  return said.length < 2 ? (said[0] ?? "") : said.map((one) => `(${one})`).join(" AND ");
}
