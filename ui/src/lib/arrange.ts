// The lines of the table of runs: children below their parents, runs below their groups.
import type { Group } from "./groups";
import type { Row } from "./runset";

interface Place {
  key: string; // of the line, unique in the table
  level: number;
  isOpen: boolean;
}

export interface RunLine extends Place {
  is: "run";
  row: Row;
  children: number;
}

export interface GroupLine extends Place {
  is: "group";
  group: Group;
}

export type Line = RunLine | GroupLine;

const runLine = (row: Row, level: number): RunLine => ({
  is: "run",
  key: row.id,
  row,
  level,
  children: 0,
  isOpen: false,
});

/** Return a line for each row. */
export function flat(rows: Row[]): Line[] {
  return rows.map((row) => runLine(row, 0));
}

/**
 * Return rows with those below them that are open: where `opens`, all but those that were turned, otherwise
 * only those. Once all rows are there, a run without its parent stands at the top.
 */
export function nested(
  rows: Row[],
  turned: ReadonlySet<string>,
  opens: boolean,
  isAll = true,
): Line[] {
  const here = new Set(rows.map((row) => row.id));
  const below = new Map<string, Row[]>();
  const tops: Row[] = [];
  for (const row of rows) {
    if (row.parent === undefined || row.parent === row.id) tops.push(row);
    else if (!here.has(row.parent)) {
      if (isAll) tops.push(row);
    } else {
      const those = below.get(row.parent);
      if (those) those.push(row);
      else below.set(row.parent, [row]);
    }
  }
  const lines: Line[] = [];
  const put = (row: Row, level: number) => {
    const children = below.get(row.id) ?? [];
    const isOpen = children.length > 0 && turned.has(row.id) !== opens;
    lines.push({ is: "run", key: row.id, row, level, children: children.length, isOpen });
    if (isOpen) for (const child of children) put(child, level + 1);
  };
  for (const row of tops) put(row, 0);
  return lines;
}

/** Return groups with the groups and the runs of those that are open. */
export function grouped(
  groups: Group[],
  members: Map<string, Row[]>,
  open: ReadonlySet<string>,
): Line[] {
  const lines: Line[] = [];
  const put = (group: Group, level: number) => {
    const isOpen = open.has(group.key);
    lines.push({ is: "group", key: group.key, group, level, isOpen });
    if (!isOpen) return;
    for (const below of group.below) put(below, level + 1);
    if (group.below.length === 0) {
      for (const row of members.get(group.key) ?? []) lines.push(runLine(row, level + 1));
    }
  };
  for (const group of groups) put(group, 0);
  return lines;
}

/** Return the runs of lines from one to another, both included, in either direction. */
export function between(lines: Line[], from: string | undefined, to: string): Row[] {
  const end = lines.findIndex((line) => line.key === to);
  const start = from === undefined ? end : lines.findIndex((line) => line.key === from);
  if (end < 0) return [];
  const [low, high] = start < 0 ? [end, end] : [Math.min(start, end), Math.max(start, end)];
  return lines.slice(low, high + 1).flatMap((line) => (line.is === "run" ? [line.row] : []));
}
