// Tables as text: records between line ends, fields that may be quoted.

const QUOTE = 34;
const LINE_END = 10;

/** Return how many bytes hold whole records: all, if no record ends among them. */
export function wholeRecords(bytes: Uint8Array): number {
  let isQuoted = false;
  let end = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted;
    else if (bytes[at] === LINE_END && !isQuoted) end = at + 1;
  }
  return end || bytes.length;
}

/** Return the records of a text. */
export function parseCsv(text: string, separator: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field: string;
    [field, at] = text[at] === '"' ? quoted(text, at, separator) : plain(text, at, separator);
    record.push(field);
    if (text[at] === separator) {
      at += 1;
      if (at === text.length) record.push("");
      continue;
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") at += 1;
    records.push(record);
    record = [];
  }
  if (record.length > 0) records.push(record);
  return records;
}

function plain(text: string, from: number, separator: string): [string, number] {
  let at = from;
  for (; at < text.length; at += 1) {
    const char = text[at];
    if (char === separator || char === "\n" || char === "\r") break;
  }
  return [text.slice(from, at), at];
}

function quoted(text: string, from: number, separator: string): [string, number] {
  let field = "";
  let at = from + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) return [field + text.slice(at), text.length];
    field += text.slice(at, end);
    if (text[end + 1] !== '"') {
      const [rest, after] = plain(text, end + 1, separator);
      return [field + rest, after];
    }
    field += '"';
    at = end + 2;
  }
}
