// The table of runs: lines of runs and groups, what stands in their cells, and what keys do to them.
import { useCallback, useMemo, useRef, useState } from "react";
import { Check } from "../../components/check";
import { between, type Line } from "../../lib/arrange";
import { colorOf, type PaletteName } from "../../lib/colors";
import { labelsOf, titleOf } from "../../lib/column-names";
import { clicked, orderText, parseOrder } from "../../lib/order";
import type { Column, Row } from "../../lib/runset";
import { isSortable, movedColumn, type View } from "../../lib/view";
import { Grid, type GridColumn } from "../../table/grid";
import { Cell, StatsCell, tipOf } from "./cells";
import { ColumnMenu, EyeMenu } from "./menus";
import { GroupName, type NameActs, RunName } from "./name-cell";

const NAME = "run"; // the id of the first column
const FRESH = 1_500; // milliseconds in which a new run is shown as one
const WIDTHS = { metrics: 100, params: 130, tags: 130, attributes: 104 };
const WITH_DELTA = 248;
const WITH_SPREAD = 168;

export interface RunTableProps {
  lines: Line[];
  stuck: Line[]; // pinned runs
  members: (line: Line) => Row[]; // the runs of a line
  columns: Column[];
  view: View;
  change: (part: Partial<View>) => void;
  place: string;
  seen: ReadonlySet<string>;
  colors: (row: Row) => string;
  palette: PaletteName;
  baseline: Row | undefined;
  spread: string;
  experiments: ReadonlyMap<string, string>;
  hovered: string | undefined;
  ticked: ReadonlySet<string>;
  isAllTicked: boolean;
  onTick: (ids: ReadonlySet<string>) => void;
  onTickAll: (on: boolean) => void;
  onHover: (id: string | undefined) => void;
  onColor: (anchor: HTMLElement, id: string) => void;
  onMenu: (anchor: HTMLElement, key: string) => void;
  onAct: (key: string, row: Row) => boolean;
}

const keyOf = (line: Line) => line.key;

export function RunTable(props: RunTableProps) {
  const { lines, stuck, view, change, hovered, ticked, onHover, members } = props;
  const [eyeAnchor, openEyes] = useState<HTMLElement>();
  const [columnMenu, openColumn] = useState<{ anchor: HTMLElement; column: Column }>();
  const [pulled, pull] = useState<{ id: string; width: number }>();
  const keys = useMemo(() => parseOrder(view.order), [view.order]);
  const order = useCallback(
    (next: ReturnType<typeof parseOrder>) => change({ order: orderText(next) }),
    [change],
  );
  const acts = useActs(props);
  const labels = useMemo(() => labelsOf(props.columns), [props.columns]);
  const widthOf = (column: Column) =>
    pulled?.id === column.id ? pulled.width : (view.widths[column.id] ?? usualWidth(column, props));
  const shown: GridColumn<Line>[] = [
    nameColumn(props, acts, pulled, openEyes),
    ...props.columns.map((column): GridColumn<Line> => {
      const at = keys.findIndex((key) => key.id === column.id);
      const sorted = keys[at];
      return {
        id: column.id,
        title: titleOf(column),
        label: labels.get(column.id) ?? column.key,
        width: widthOf(column),
        isNumber: column.kind === "metrics" || column.key === "duration",
        isSticky: view.stick.has(column.id),
        sort: sorted ? (sorted.descending ? "DESC" : "ASC") : undefined,
        place: keys.length > 1 && sorted ? at + 1 : undefined,
        onMenu: (anchor) => openColumn({ anchor, column }),
        ...(isSortable(column.id)
          ? { onSort: (more: boolean) => order(clicked(keys, column.id, more)) }
          : {}),
        tip: (line) => (line.is === "run" ? tipOf(line.row, column) : undefined),
        cell: (line) =>
          line.is === "run" ? (
            <Cell
              row={line.row}
              column={column}
              baseline={props.baseline}
              better={view.better[column.key]}
              experiments={props.experiments}
            />
          ) : column.kind === "metrics" && !column.extreme ? (
            <StatsCell stats={line.group.stats.get(column.key)} show={props.spread} />
          ) : null,
      };
    }),
  ];
  // Rows are drawn anew only when their cells would differ.
  const drawn = useStable(shown, [
    props.columns,
    view.widths,
    view.stick,
    view.better,
    view.order,
    props.baseline,
    props.spread,
    props.experiments,
    props.seen,
    props.colors,
    props.isAllTicked,
    ticked,
    pulled,
    acts,
  ]);
  const onKey = useCallback(
    (key: string, line: Line): boolean => {
      if (key === "x")
        acts.choose(
          line.key,
          members(line).some((row) => !ticked.has(row.id)),
          false,
        );
      else if (key === "ArrowRight" || key === "ArrowLeft") {
        if (line.isOpen !== (key === "ArrowLeft")) return false;
        acts.open(line.key);
      } else if (key === "Enter" && line.is === "group") acts.open(line.key);
      else return line.is === "run" && props.onAct(key, line.row);
      return true;
    },
    [acts, members, ticked, props.onAct],
  );
  return (
    <>
      <Grid
        label="Runs"
        rows={lines}
        stuck={stuck}
        keyOf={keyOf}
        place={props.place}
        columns={drawn}
        isChosen={(line) =>
          line.is === "run" && (line.row.id === hovered || ticked.has(line.row.id))
        }
        lookOf={lookOf}
        onHover={useCallback(
          (line: Line | undefined) => onHover(line?.is === "run" ? line.row.id : undefined),
          [onHover],
        )}
        onKey={onKey}
        onResize={(id, width, isDone) => {
          pull(isDone ? undefined : { id, width });
          if (isDone) change({ widths: { ...view.widths, [id]: width } });
        }}
        onMove={(id, before) => change({ columns: movedColumn(props.columns, id, before) })}
      />
      {eyeAnchor ? (
        <EyeMenu
          anchor={eyeAnchor}
          show={view.show}
          order={view.order}
          change={change}
          onClose={() => openEyes(undefined)}
        />
      ) : null}
      {columnMenu ? (
        <ColumnMenu
          {...columnMenu}
          columns={props.columns}
          width={widthOf(columnMenu.column)}
          view={view}
          keys={keys}
          onOrder={order}
          change={change}
          onClose={() => openColumn(undefined)}
        />
      ) : null}
    </>
  );
}

function lookOf(line: Line): string {
  if (line.is === "group") return "group";
  const { news } = line.row;
  return news?.isNew && Date.now() - news.at < FRESH ? "arrived" : "";
}

function usualWidth(column: Column, { baseline, view }: RunTableProps): number {
  if (column.kind !== "metrics") return WIDTHS[column.kind];
  if (view.group.length > 0) return WITH_SPREAD;
  return baseline ? WITH_DELTA : WIDTHS.metrics;
}

function useStable<T>(value: T, reasons: unknown[]): T {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller says what it depends on
  return useMemo(() => value, reasons);
}

function useActs(props: RunTableProps): NameActs {
  const latest = useRef(props);
  latest.current = props;
  const last = useRef<string>(undefined);
  return useMemo(
    () => ({
      choose: (key, on, isRange) => {
        const { lines, stuck, ticked, members, onTick } = latest.current;
        const next = new Set(ticked);
        const all = [...stuck, ...lines];
        const line = all.find((one) => one.key === key);
        const those = isRange ? between(all, last.current, key) : line ? members(line) : [];
        for (const row of those) {
          if (on) next.add(row.id);
          else next.delete(row.id);
        }
        last.current = key;
        onTick(next);
      },
      eye: (id) => {
        const { view, change } = latest.current;
        const eyes = new Set(view.eyes);
        if (!eyes.delete(id)) eyes.add(id);
        change({ eyes });
      },
      open: (key) => {
        const { view, change } = latest.current;
        const open = new Set(view.open);
        if (!open.delete(key)) open.add(key);
        change({ open });
      },
      color: (anchor, id) => latest.current.onColor(anchor, id),
      menu: (anchor, key) => latest.current.onMenu(anchor, key),
    }),
    [],
  );
}

function nameColumn(
  props: RunTableProps,
  acts: NameActs,
  pulled: { id: string; width: number } | undefined,
  openEyes: (anchor: HTMLElement) => void,
): GridColumn<Line> {
  const { lines, view, seen, ticked, colors, palette, members, isAllTicked, onTickAll } = props;
  const pinned = new Set(view.pinned);
  const indents =
    view.group.length > 0 || lines.some((line) => line.is === "run" && line.children > 0);
  const usual = window.innerWidth < 700 ? 248 : 280;
  return {
    id: NAME,
    title: "Run",
    width: pulled?.id === NAME ? pulled.width : (view.widths[NAME] ?? usual),
    head: (
      <>
        <Check
          label="Choose all matching runs"
          checked={isAllTicked}
          isMixed={!isAllTicked && ticked.size > 0}
          onChange={(event) => onTickAll(event.target.checked)}
        />
        <button
          type="button"
          className="head-button eyes"
          aria-haspopup="menu"
          title="Which runs the charts show"
          onClick={(event) => openEyes(event.currentTarget)}
        >
          Run <span className="quiet">· {seen.size.toLocaleString("en")} in charts ▾</span>
        </button>
      </>
    ),
    cell: (line) =>
      line.is === "group" ? (
        <GroupName
          line={line}
          acts={acts}
          fieldName={view.group[line.level]?.key ?? ""}
          color={colorOf(line.key, palette)}
          isTicked={members(line).length > 0 && members(line).every((row) => ticked.has(row.id))}
        />
      ) : (
        <RunName
          line={line}
          acts={acts}
          isTicked={ticked.has(line.row.id)}
          isSeen={seen.has(line.row.id)}
          color={colors(line.row)}
          isPinned={pinned.has(line.row.id)}
          isBaseline={view.baseline === line.row.id}
          indents={indents}
        />
      ),
  };
}
