// The lines of the table and the runs of the charts, made of one set of runs and one view.
import { useCallback, useMemo, useState } from "react";
import { useGroups, useRunsById } from "../../api/run-keys";
import type { Ask, RunSetState } from "../../api/run-set";
import { flat, grouped, type Line, nested } from "../../lib/arrange";
import { chosenColor, colorOf, colorsOf, type PaletteName } from "../../lib/colors";
import { visibleIds } from "../../lib/eyes";
import { groupOf, groupTree, orderedGroups, rowsByGroup } from "../../lib/groups";
import { parseOrder } from "../../lib/order";
import { type Column, columnNamed, type Row } from "../../lib/runset";
import type { View } from "../../lib/view";

const NO_ROWS: Row[] = [];

/** Return the pinned runs and the baseline, from the set or, where they are elsewhere, by their ids. */
function usePinned(ask: Ask, view: View, byId: Map<string, Row>, columns: Column[]) {
  const wanted = useMemo(
    () => [...new Set([...view.pinned, ...(view.baseline ? [view.baseline] : [])])],
    [view.pinned, view.baseline],
  );
  const missing = useMemo(() => wanted.filter((id) => !byId.has(id)), [wanted, byId]);
  const { data: foreign = NO_ROWS } = useRunsById(ask.experimentIds, missing, columns);
  return useMemo(() => {
    const rowOf = (id: string) => byId.get(id) ?? foreign.find((row) => row.id === id);
    return {
      pinned: view.pinned.flatMap((id) => rowOf(id) ?? []),
      baseline: view.baseline ? rowOf(view.baseline) : undefined,
    };
  }, [view.pinned, view.baseline, byId, foreign]);
}

/** Return the first of maps that are alike: what leans on it is not made anew. */
function useKept(map: Map<string, string>): Map<string, string> {
  const [kept, keep] = useState(map);
  if (kept.size === map.size && [...map].every(([key, value]) => kept.get(key) === value)) {
    return kept;
  }
  keep(map);
  return map;
}

export function useLines(
  ask: Ask,
  state: RunSetState,
  view: View,
  columns: Column[],
  palette: PaletteName,
) {
  const { rows, isComplete } = state;
  const byId = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
  const { pinned, baseline } = usePinned(ask, view, byId, columns);
  const metrics = useMemo(
    () => [
      ...new Set(
        columns.filter((one) => one.kind === "metrics" && !one.extreme).map((one) => one.key),
      ),
    ],
    [columns],
  );
  const { data: leaves } = useGroups(ask, view.group, metrics);
  const isGrouped = view.group.length > 0;
  const members = useMemo(
    () => (isGrouped ? rowsByGroup(rows, view.group) : new Map<string, Row[]>()),
    [isGrouped, rows, view.group],
  );
  const groups = useMemo(() => {
    const tree = groupTree(leaves ?? []);
    const [first] = parseOrder(view.order);
    const column = first ? columnNamed(first.id) : undefined;
    return column?.kind === "metrics"
      ? orderedGroups(tree, column.key, first?.descending ?? false)
      : tree;
  }, [leaves, view.order]);
  const unpinned = useMemo(() => {
    if (pinned.length === 0) return rows;
    const away = new Set(view.pinned);
    return rows.filter((row) => !away.has(row.id));
  }, [rows, pinned, view.pinned]);
  const lines = useMemo((): Line[] => {
    if (isGrouped) return grouped(groups, members, view.open);
    // Until all runs are here, a parent may still come: its children are not yet orphans.
    if (view.nest === "flat") return flat(unpinned);
    return nested(unpinned, view.open, view.nest === "open", isComplete);
  }, [isGrouped, groups, members, view.open, view.nest, unpinned, isComplete]);
  const stuck = useMemo(() => flat(pinned), [pinned]);
  // What stands in the table comes first, then what is closed in it.
  const charted = useMemo(() => {
    const shown = lines.flatMap((line) => (line.is === "run" ? [line.row] : []));
    if (shown.length === unpinned.length && !isGrouped) return [...pinned, ...shown];
    return [...new Set([...pinned, ...shown, ...rows])];
  }, [pinned, lines, rows, unpinned, isGrouped]);
  const seen = useMemo(
    () => visibleIds(charted, view.show, view.eyes),
    [charted, view.show, view.eyes],
  );
  const together = useKept(
    useMemo(
      () => colorsOf(isGrouped ? [] : charted.filter((row) => seen.has(row.id)), palette),
      [isGrouped, charted, seen, palette],
    ),
  );
  const colors = useCallback(
    (row: Row) => {
      if (isGrouped) return colorOf(groupOf(row, view.group), palette);
      return together.get(row.id) ?? chosenColor(row.color) ?? colorOf(row.id, palette);
    },
    [isGrouped, view.group, palette, together],
  );
  const looks = useMemo(
    () =>
      charted
        .filter((row) => seen.has(row.id))
        .map((row) => ({ id: row.id, label: row.name, color: colors(row) })),
    [charted, seen, colors],
  );
  const membersOf = useCallback(
    (line: Line): Row[] => {
      if (line.is === "run") return [line.row];
      const of = (key: string) => members.get(key) ?? [];
      const below = (group: typeof line.group): Row[] =>
        group.below.length > 0 ? group.below.flatMap(below) : of(group.key);
      return below(line.group);
    },
    [members],
  );
  return { lines, stuck, baseline, seen, colors, looks, charted, membersOf };
}
