// The head of a table: names that sort, menus, edges to pull, columns to move.
import { useRef, useState } from "react";
import type { GridColumn, Shown } from "./column";
import { cells } from "./row";

const NARROWEST = 48; // pixels

export interface HeadProps<T> {
  columns: GridColumn<T>[];
  shown: Shown;
  onResize?: ((id: string, width: number, isDone: boolean) => void) | undefined;
  onMove?: ((id: string, before: string) => void) | undefined;
}

export function GridHead<T>({ columns, shown, onResize, onMove }: HeadProps<T>) {
  const [over, drop] = useState<string>();
  const moving = useRef<string>(undefined);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows that are not there cannot be in a <table>
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons are
    <div
      className="grid-head"
      role="row"
      aria-rowindex={1}
      style={{ gridTemplateColumns: shown.template }}
    >
      {cells(columns, shown, (column, place) => {
        const canMove = onMove !== undefined && place["aria-colindex"] > 1;
        return (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: its button is
          <div
            key={column.id}
            role="columnheader"
            aria-sort={
              column.sort ? (column.sort === "ASC" ? "ascending" : "descending") : undefined
            }
            title={column.title}
            {...place}
            className={`${place.className}${over === column.id ? " over" : ""}`}
            draggable={canMove}
            onDragStart={(event) => {
              moving.current = column.id;
              event.dataTransfer.effectAllowed = "move";
            }}
            onDragOver={(event) => {
              if (!canMove || !moving.current || moving.current === column.id) return;
              event.preventDefault();
              drop(column.id);
            }}
            onDragLeave={() => drop(undefined)}
            onDrop={(event) => {
              event.preventDefault();
              drop(undefined);
              if (moving.current) onMove?.(moving.current, column.id);
              moving.current = undefined;
            }}
          >
            <Name column={column} />
            {column.onMenu ? (
              <button
                type="button"
                className="head-menu"
                aria-label={`Menu of ${column.title}`}
                aria-haspopup="menu"
                onClick={(event) => column.onMenu?.(event.currentTarget)}
              >
                ⋯
              </button>
            ) : null}
            {onResize ? <Edge column={column} onResize={onResize} /> : null}
          </div>
        );
      })}
    </div>
  );
}

function Name<T>({ column }: { column: GridColumn<T> }) {
  const { head, label, title, sort, place, onSort } = column;
  if (head) return head;
  if (!onSort) return <span className="head-name">{label ?? title}</span>;
  return (
    <button
      type="button"
      className="head-button"
      onClick={(event) => onSort(event.shiftKey || event.ctrlKey || event.metaKey)}
    >
      <span className="head-name">{label ?? title}</span>
      {sort ? (
        <span aria-hidden="true">{`${sort === "ASC" ? "↑" : "↓"}${place ?? ""}`}</span>
      ) : null}
    </button>
  );
}

function Edge<T>({
  column,
  onResize,
}: {
  column: GridColumn<T>;
  onResize: NonNullable<HeadProps<T>["onResize"]>;
}) {
  const from = useRef<[x: number, width: number]>(undefined);
  const width = (x: number) => {
    const [start, before] = from.current ?? [x, column.width];
    return Math.max(NARROWEST, Math.round(before + x - start));
  };
  return (
    <span
      className="head-edge"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.preventDefault();
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = [event.clientX, column.width];
      }}
      onPointerMove={(event) => {
        if (from.current) onResize(column.id, width(event.clientX), false);
      }}
      onPointerUp={(event) => {
        if (from.current) onResize(column.id, width(event.clientX), true);
        from.current = undefined;
      }}
    />
  );
}
