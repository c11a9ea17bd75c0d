// A row of a table; drawn anew only when it, its columns or its look change.
import { memo, type ReactNode } from "react";
import type { GridColumn, Shown } from "./column";

interface RowProps<T> {
  row: T;
  rowKey: string;
  index: number; // among all rows, from 0
  top: number | undefined; // undefined in the flow
  columns: GridColumn<T>[];
  shown: Shown;
  look: string;
  isCurrent: boolean;
  onHover: ((row: T | undefined) => void) | undefined;
}

function GridRow<T>(props: RowProps<T>) {
  const { row, rowKey, index, top, columns, shown, look, isCurrent, onHover } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows that are not there cannot be in a <table>
    <div
      role="row"
      aria-rowindex={index + 2}
      tabIndex={isCurrent ? 0 : -1}
      data-key={rowKey}
      className={`grid-row ${look}`}
      style={{
        ...(top === undefined ? {} : { transform: `translateY(${top}px)`, position: "absolute" }),
        gridTemplateColumns: shown.template,
      }}
      onMouseEnter={() => onHover?.(row)}
      onMouseLeave={() => onHover?.(undefined)}
    >
      {cells(columns, shown, (column, place) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        <div key={column.id} role="cell" title={column.tip?.(row)} {...place}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

export const MemoRow = memo(GridRow) as typeof GridRow;

interface CellPlace {
  className: string;
  style: { gridColumn: number; left?: number };
  "aria-colindex": number;
}

/** Return something for each column that is in the document, with where it stands. */
export function cells<T>(
  columns: GridColumn<T>[],
  { sticky, lefts, first, last }: Shown,
  make: (column: GridColumn<T>, place: CellPlace) => ReactNode,
): ReactNode[] {
  const made: ReactNode[] = [];
  const put = (at: number, track: number) => {
    const column = columns[at];
    if (!column) return;
    const isSticky = at < sticky;
    const names = `cell${at === 0 ? " first" : ""}${isSticky ? " sticky" : ""}${
      at === sticky - 1 ? " edge" : ""
    }${column.isNumber ? " number" : ""}`;
    made.push(
      make(column, {
        className: names,
        style: { gridColumn: track, ...(isSticky ? { left: lefts[at] ?? 0 } : {}) },
        "aria-colindex": at + 1,
      }),
    );
  };
  for (let at = 0; at < sticky; at += 1) put(at, at + 1);
  for (let at = first; at <= last; at += 1) put(at, sticky + 2 + at - first);
  return made;
}
