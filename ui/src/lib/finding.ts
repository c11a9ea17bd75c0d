// Finding as one types: words in names and tags, and key:value for one tag.

export interface Findable {
  name: string;
  tags: readonly { key?: string; value?: string }[];
}

const TERM = /([^\s:"]+):(?:"([^"]*)"?|([^\s"]*))|"([^"]*)"?|([^\s"]+)/g;

interface Term {
  key: string | undefined;
  text: string;
}

/** Return the terms of what one typed; quotes keep spaces. */
function termsOf(sought: string): Term[] {
  const terms: Term[] = [];
  for (const [, key, ...texts] of sought.matchAll(TERM)) {
    const text = (texts.find((one) => one !== undefined) ?? "").toLowerCase();
    if (text || key) terms.push({ key: key?.toLowerCase(), text });
  }
  return terms;
}

/** Return what says of a thing whether it fits what one typed. */
export function finder(sought: string): (one: Findable) => boolean {
  const terms = termsOf(sought);
  return ({ name, tags }) =>
    terms.every(({ key, text }) => {
      if (key !== undefined && tags.some((tag) => isTag(tag, key, text))) return true;
      const whole = key === undefined ? text : `${key}:${text}`;
      return (
        name.toLowerCase().includes(whole) ||
        tags.some((tag) => !isOwn(tag) && `${tag.key}\n${tag.value}`.toLowerCase().includes(whole))
      );
    });
}

function isTag(tag: { key?: string; value?: string }, key: string, text: string): boolean {
  return tag.key?.toLowerCase() === key && (tag.value ?? "").toLowerCase().startsWith(text);
}

/** Return whether a tag is one of the system's own. */
export function isOwn(tag: { key?: string }): boolean {
  return tag.key?.startsWith("mlflow.") ?? false;
}

/** Return the term of a tag, as one would type it. */
function termOf(key: string, value: string): string {
  return /["\s]/.test(value) || value === ""
    ? `${key}:"${value.replaceAll('"', "")}"`
    : `${key}:${value}`;
}

/** Return what one typed with the term of a tag, or without it where it was there. */
export function withTag(sought: string, key: string, value: string): string {
  const term = termOf(key, value);
  const at = ` ${sought} `.indexOf(` ${term} `);
  if (at < 0) return `${sought} ${term}`.trim();
  return `${sought.slice(0, at)}${sought.slice(at + term.length)}`.replace(/\s+/g, " ").trim();
}
