// Views of runs that a person keeps in this browser, by the experiments that they show.

const named = (ids: string) => `headrace.views.${ids}`;
const last = (ids: string) => `headrace.runs.${ids}`;

function read(key: string): Record<string, string> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    if (typeof found !== "object" || found === null) return {};
    return Object.fromEntries(
      Object.entries(found).filter((one): one is [string, string] => typeof one[1] === "string"),
    );
  } catch {
    return {};
  }
}

function write(key: string, record: Record<string, string>): void {
  try {
    localStorage.setItem(key, JSON.stringify(record));
  } catch {
    // A browser that keeps nothing: the address still has it all.
  }
}

/** Return the views with a name: the fields of an address by it. */
export function keptViews(ids: string): Map<string, string> {
  return new Map(Object.entries(read(named(ids))));
}

/** Keep a view by a name, or forget it. */
export function keepView(ids: string, name: string, fields: string | undefined): void {
  const { [name]: _, ...rest } = read(named(ids));
  write(named(ids), fields === undefined ? rest : { ...rest, [name]: fields });
}

/** Return the fields as they were when one last looked. */
export function lastFields(ids: string): Record<string, string> {
  return read(last(ids));
}

/** Keep some fields for the next time. */
export function keepFields(ids: string, fields: Record<string, string>): void {
  const all = { ...read(last(ids)), ...fields };
  write(last(ids), Object.fromEntries(Object.entries(all).filter(([, value]) => value)));
}
