// Paths of pages, matched against patterns such as /experiments/:ids/runs/:run.

/** Return the parts that a pattern names in a path, undefined where it does not fit. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.replace(/\/$/, "").split("/");
  if (pattern === "/") return path === "/" ? {} : undefined;
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = {};
  for (const [at, word] of wanted.entries()) {
    const part = given[at] ?? "";
    if (word.startsWith(":")) found[word.slice(1)] = decode(part);
    else if (word !== part) return undefined;
  }
  return found;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
