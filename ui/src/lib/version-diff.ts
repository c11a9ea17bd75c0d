// Two versions side by side: what is said of each, key by key, and what differs.
import { type Signature, typeText } from "./signature";

export interface DiffLine {
  key: string;
  values: (string | number | undefined)[];
  differs: boolean;
}

/** Return a line for each key of some maps, in the order of the keys. */
export function linesOf(maps: ReadonlyMap<string, string | number>[]): DiffLine[] {
  const keys = [...new Set(maps.flatMap((one) => [...one.keys()]))];
  keys.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return keys.map((key) => {
    const values = maps.map((one) => one.get(key));
    return { key, values, differs: new Set(values.map(String)).size > 1 };
  });
}

/** Return the packages of a file of requirements, each with what is asked of its version. */
export function requirementsIn(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    if (!line) continue;
    const parts = /^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*(.*)$/.exec(line);
    if (parts) found.set((parts[1] ?? "").toLowerCase(), parts[2] || "any version");
    else found.set(line, "");
  }
  return found;
}

/** Return the types of a signature by what they are of. */
export function typesOf({ inputs, outputs, params }: Signature): Map<string, string> {
  const found = new Map<string, string>();
  for (const [part, specs] of [
    ["input", inputs],
    ["output", outputs],
    ["param", params],
  ] as const) {
    for (const [at, spec] of specs.entries()) {
      const fallback = spec.default === undefined ? "" : ` = ${JSON.stringify(spec.default)}`;
      found.set(`${part} ${spec.name ?? at}`, typeText(spec) + fallback);
    }
  }
  return found;
}
