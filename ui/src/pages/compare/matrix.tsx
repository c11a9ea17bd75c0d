// Lines of runs as a grid: a column for each run, as many as there are.
import { useMemo } from "react";
import { Sheet, type SheetColumn } from "../../components/preview/sheet";
import { Status } from "../../components/status";
import { delta, type Line, verdict } from "../../lib/compare";
import { significant } from "../../lib/format";
import type { Row } from "../../lib/runset";
import type { Direction } from "../../lib/view";

const KEY = 240; // pixels
const NARROW = 768; // of the window
const RUN = 190; // at least
const WIDE = 300; // at most
const HEAD = 52;

export interface Chosen {
  rows: Row[];
  colors: Map<string, string>;
  base: number;
  onBase: (id: string) => void;
  onRemove: (id: string) => void;
}

interface MatrixProps extends Chosen {
  label: string;
  lines: Line[];
  better?: Record<string, Direction>;
  onBetter?: (key: string, direction: Direction | undefined) => void;
}

export function Matrix(props: MatrixProps) {
  const { rows, colors, base, onBase, onRemove, label, lines, better, onBetter } = props;
  const columns = useMemo((): SheetColumn[] => {
    const isNarrow = window.innerWidth < NARROW;
    const first = { id: "key", head: "Key", width: isNarrow ? KEY / 2 : KEY };
    const room = (window.innerWidth - KEY - NARROW / 8) / rows.length;
    const width = isNarrow ? RUN : Math.round(Math.max(RUN, Math.min(WIDE, room)));
    const runs = rows.map((row, at) => ({
      id: row.id,
      width,
      head: (
        <RunHead
          row={row}
          color={colors.get(row.id) ?? ""}
          isBase={at === base}
          onBase={onBase}
          onRemove={rows.length > 2 ? onRemove : undefined}
        />
      ),
    }));
    return [first, ...runs];
  }, [rows, colors, base, onBase, onRemove]);
  // A title before the lines of each kind, where there are several.
  const items = useMemo((): (Line | string)[] => {
    const kinds = new Set(lines.map((line) => line.kind));
    if (kinds.size < 2) return lines;
    return [...kinds].flatMap((kind) => [kind, ...lines.filter((line) => line.kind === kind)]);
  }, [lines]);
  return (
    <Sheet
      label={label}
      rows={items.length}
      columns={columns}
      headHeight={HEAD}
      rowClass={(at) => (typeof items[at] === "string" ? "title-row" : "")}
      text={(at, column) => {
        const line = items[at];
        if (line === undefined || typeof line === "string") return line ?? "";
        const value = line.values[column - 1];
        return column === 0 ? line.key : value === undefined ? "not logged" : String(value);
      }}
      cell={(at, column) => {
        const line = items[at];
        if (line === undefined) return null;
        if (typeof line === "string") return column === 0 ? line : null;
        if (column > 0) return <Value line={line} at={column - 1} base={base} better={better} />;
        return (
          <span className="key-cell">
            <span className="mono" title={line.key}>
              {line.key}
            </span>
            {line.kind === "Metrics" && onBetter ? (
              <Way name={line.key} way={better?.[line.key]} onBetter={onBetter} />
            ) : null}
          </span>
        );
      }}
    />
  );
}

interface HeadProps {
  row: Row;
  color: string;
  isBase: boolean;
  onBase: (id: string) => void;
  onRemove: ((id: string) => void) | undefined;
}

function RunHead({ row, color, isBase, onBase, onRemove }: HeadProps) {
  return (
    <div className="run-head">
      <div className="run-name">
        <span className="dot-inline" style={{ background: color }} />
        <Status status={row.status} />
        <a href={`#/experiments/${row.experimentId}/runs/${row.id}`} title={row.name}>
          {row.name}
        </a>
      </div>
      <div className="line">
        <button
          type="button"
          className="plain"
          aria-pressed={isBase}
          onClick={() => onBase(row.id)}
        >
          {isBase ? "Baseline" : "Make baseline"}
        </button>
        {onRemove ? (
          <button type="button" className="plain" onClick={() => onRemove(row.id)}>
            Remove<span className="hidden-text"> {row.name}</span>
          </button>
        ) : null}
      </div>
    </div>
  );
}

interface ValueProps {
  line: Line;
  at: number;
  base: number;
  better: Record<string, Direction> | undefined;
}

function Value({ line, at, base, better }: ValueProps) {
  const value = line.values[at];
  const against = line.values[base];
  if (value === undefined) return <span className="quiet">–</span>;
  const isSame = at !== base && value === against;
  const far = at === base ? "" : delta(value, against);
  return (
    <span className={isSame ? "quiet" : undefined}>
      {typeof value === "number" ? significant(value) : value.slice(0, 200)}
      {far ? (
        <span className={verdict(value, against, better?.[line.key]) || "quiet"}> {far}</span>
      ) : null}
    </span>
  );
}

interface WayProps {
  name: string;
  way: Direction | undefined;
  onBetter: (key: string, direction: Direction | undefined) => void;
}

function Way({ name, way, onBetter }: WayProps) {
  const said = way === "up" ? "higher is better" : way === "down" ? "lower is better" : "not known";
  return (
    <button
      type="button"
      className="plain way"
      title={`Which way is better: ${said}`}
      onClick={(event) => {
        event.stopPropagation();
        onBetter(name, way === undefined ? "down" : way === "down" ? "up" : undefined);
      }}
    >
      <span aria-hidden="true">{way === "up" ? "↑" : way === "down" ? "↓" : "↕"}</span>
      <span className="hidden-text">
        Which way {name} is better: {said}
      </span>
    </button>
  );
}
