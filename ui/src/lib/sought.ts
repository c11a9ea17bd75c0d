// Finding columns among keys that are too many to be here.

/** Return the longest word of what is sought: the server finds keys with it, and the page ranks them. */
export function longestWord(sought: string): string {
  const words = sought
    .replace(/^(?:metrics|params|tags|attributes)\./, "")
    .split(/[^\p{L}\p{N}]+/u);
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), "");
}
