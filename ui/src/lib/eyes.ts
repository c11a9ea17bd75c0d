// Which runs are drawn: a rule for all, and those that one turned on or off by hand.
import type { Row } from "./runset";

export const USUAL_EYES = "first:10";

/** Return the ids of the rows that are drawn. */
export function visibleIds(rows: Row[], rule: string, turned: ReadonlySet<string>): Set<string> {
  const shows = ruleOf(rule);
  return new Set(
    rows.filter((row, at) => shows(row, at) !== turned.has(row.id)).map((row) => row.id),
  );
}

/** Return whether a rule may draw rows that are yet to come after so many. */
export function drawsBeyond(count: number, rule: string): boolean {
  return ruleOf(rule)({ status: "RUNNING" }, count);
}

function ruleOf(rule: string): (row: Pick<Row, "status">, at: number) => boolean {
  const [name = "", value = ""] = rule.split(":");
  if (name === "all") return () => true;
  if (name === "none") return () => false;
  if (name === "running") return (row) => row.status === "RUNNING";
  const most = Number.parseInt(value, 10);
  return (_, at) => at < (most >= 0 ? most : 10);
}
