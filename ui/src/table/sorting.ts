// Lists that are ordered by one column: "created DESC", as the address says it.

type Direction = "ASC" | "DESC";

/** Return what makes a column order a list: one way first, then the other, then as it was. */
export function sorting(order: string, onOrder: (order: string) => void) {
  const at = order.lastIndexOf(" "); // the names of keys have spaces
  const [by, direction] = [order.slice(0, at), order.slice(at + 1)];
  return (id: string, first: Direction = "DESC") => ({
    sort: by === id ? (direction as Direction) : undefined,
    onSort: () => {
      const other = first === "ASC" ? "DESC" : "ASC";
      onOrder(by !== id ? `${id} ${first}` : direction === first ? `${id} ${other}` : "");
    },
  });
}
