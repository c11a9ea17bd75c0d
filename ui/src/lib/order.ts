// An order of several keys, as an address and the server write it: metrics.loss DESC, params.lr ASC.

export interface OrderKey {
  id: string;
  descending: boolean;
}

/** Return the keys of an order; commas in backticks belong to a key. */
export function parseOrder(text: string): OrderKey[] {
  const clauses = text.match(/(?:`(?:[^`]|``)*`|[^,`])+/g) ?? [];
  return clauses.flatMap((clause) => {
    const parts = /^\s*(.*?)(?:\s+(ASC|DESC))?\s*$/is.exec(clause);
    const id = parts?.[1] ?? "";
    return id ? [{ id, descending: parts?.[2]?.toUpperCase() === "DESC" }] : [];
  });
}

/** Return the clauses of an order as the server takes them. */
export function orderClauses(keys: OrderKey[]): string[] {
  return keys.map(({ id, descending }) => `${id} ${descending ? "DESC" : "ASC"}`);
}

/** Return an order as an address has it. */
export function orderText(keys: OrderKey[]): string {
  return orderClauses(keys).join(", ");
}

/** Return an order by another column where it is by one; a column that it has already stays where it comes first. */
export function reordered(keys: OrderKey[], id: string, by: string): OrderKey[] {
  const next = keys.map((key) => (key.id === id ? { ...key, id: by } : key));
  return next.filter((key, at) => next.findIndex((one) => one.id === key.id) === at);
}

/** Return an order after a click: high first, low first, none; with `more` other keys stay. */
export function clicked(keys: OrderKey[], id: string, more: boolean): OrderKey[] {
  const before = keys.find((key) => key.id === id);
  const next = !before
    ? [{ id, descending: true }]
    : before.descending
      ? [{ id, descending: false }]
      : [];
  if (!more) return next;
  return before ? keys.flatMap((key) => (key.id === id ? next : [key])) : [...keys, ...next];
}
