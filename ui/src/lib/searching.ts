// What one types into a search, in the server's language where it is not that already.

const SPEAKS = /[=<>!]|\b(i?like|in|between|is)\b\s*[('"]?/i;

/** Return whether a text is meant as a filter, not as words to look for. */
export function isFilter(text: string): boolean {
  return SPEAKS.test(text) && /[=<>'"(]/.test(text);
}

/** Return a text as the language quotes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Return the filter of those whose field has a text in it, in any case. */
export function like(field: string, text: string): string {
  return `${field} ILIKE ${quoted(`%${text}%`)}`;
}

/** Return the filter for what one typed: itself, or that each word is in the field. */
export function filterOf(field: string, text: string): string {
  const words = text.trim();
  if (!words || isFilter(words)) return words;
  return words
    .split(/\s+/)
    .map((word) => like(field, word))
    .join(" AND ");
}
