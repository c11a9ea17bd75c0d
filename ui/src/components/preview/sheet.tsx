// Cells of any number of rows and columns: only those on the screen are in the document.
// biome-ignore-all lint/a11y/useSemanticElements: rows that are not there cannot be in a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the table itself has the focus
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: roles are those of cells
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the table hears the keys
// biome-ignore-all lint/a11y/noStaticElementInteractions: as above
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
// biome-ignore-all lint/correctness/useExhaustiveDependencies: sizes are measured anew
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useSettings } from "../../state/settings";

const HEIGHTS = { compact: 28, comfortable: 36 };

export interface SheetColumn {
  id: string;
  head: ReactNode;
  width: number; // pixels
  isNumber?: boolean;
}

export interface SheetProps {
  label: string;
  rows: number;
  columns: SheetColumn[]; // the first stays in sight
  cell: (row: number, column: number) => ReactNode;
  text?: (row: number, column: number) => string; // all of a value, shown when a cell is chosen
  headHeight?: number;
  rowClass?: (row: number) => string;
  onEnd?: (() => void) | undefined; // the last rows are in sight
  onColumns?: (first: number, last: number) => void; // those in sight have changed
}

export function Sheet(props: SheetProps) {
  const { label, rows, columns, cell, text, rowClass, onEnd, onColumns } = props;
  const place = useRef<HTMLDivElement>(null);
  const { density } = useSettings();
  const height = HEIGHTS[density];
  const headHeight = props.headHeight ?? height;
  const [chosen, choose] = useState<[number, number]>();
  const vertical = useVirtualizer({
    count: rows,
    getScrollElement: () => place.current,
    estimateSize: () => height,
    overscan: 10,
    paddingStart: headHeight,
    scrollPaddingStart: headHeight,
  });
  const first = columns[0]?.width ?? 0;
  const horizontal = useVirtualizer({
    horizontal: true,
    count: Math.max(0, columns.length - 1),
    getScrollElement: () => place.current,
    estimateSize: (at) => columns[at + 1]?.width ?? 0,
    overscan: 2,
    paddingStart: first,
    scrollPaddingStart: first,
  });
  useEffect(() => {
    vertical.measure();
    horizontal.measure();
  }, [height, columns]);
  const shown = vertical.getVirtualItems();
  const across = horizontal.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && rows > 0 && last >= rows - 20) onEnd();
  }, [last, rows, onEnd]);
  const from = (across[0]?.index ?? 0) + 1;
  const to = (across.at(-1)?.index ?? -1) + 1;
  useEffect(() => onColumns?.(from, to), [from, to, onColumns]);

  const move = (event: React.KeyboardEvent) => {
    const steps: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const step = steps[event.key];
    if (event.key === "Escape") choose(undefined);
    if (event.key === "Enter" && event.target === place.current) {
      choose((now) =>
        now
          ? undefined
          : [shown.find((one) => one.start >= (vertical.scrollOffset ?? 0))?.index ?? 0, 0],
      );
    }
    if (!step || !chosen || !text) return;
    event.preventDefault();
    const row = Math.min(rows - 1, Math.max(0, chosen[0] + step[0]));
    const column = Math.min(columns.length - 1, Math.max(0, chosen[1] + step[1]));
    choose([row, column]);
    vertical.scrollToIndex(row);
    if (column > 0) horizontal.scrollToIndex(column - 1);
  };
  const cellOf = (row: number, column: number, role: string, left?: number) => {
    const one = columns[column];
    const isChosen = chosen?.[0] === row && chosen[1] === column;
    return (
      <div
        key={one?.id ?? column}
        role={role}
        aria-colindex={column + 1}
        className={`sheet-cell${column === 0 ? " first" : ""}${one?.isNumber ? " number" : ""}${isChosen ? " chosen" : ""}`}
        style={{ width: one?.width, ...(left === undefined ? {} : { left }) }}
        onClick={text ? () => choose([row, column]) : undefined}
      >
        {cell(row, column)}
      </div>
    );
  };
  const whole = chosen && text ? text(...chosen) : undefined;
  return (
    <div className="sheet-frame">
      <div
        ref={place}
        className="sheet"
        role="table"
        aria-label={label}
        aria-rowcount={rows + 1}
        aria-colcount={columns.length}
        tabIndex={0}
        onKeyDown={move}
      >
        <div style={{ height: vertical.getTotalSize(), width: horizontal.getTotalSize() }}>
          <div role="rowgroup" className="sheet-head" style={{ height: headHeight }}>
            <div role="row" className="sheet-row" style={{ height: headHeight }}>
              <div
                role="columnheader"
                className="sheet-cell first"
                style={{ width: first, height: headHeight }}
              >
                {columns[0]?.head}
              </div>
              {across.map((item) => (
                <div
                  key={columns[item.index + 1]?.id}
                  role="columnheader"
                  aria-colindex={item.index + 2}
                  className={`sheet-cell${columns[item.index + 1]?.isNumber ? " number" : ""}`}
                  style={{ left: item.start, width: item.size, height: headHeight }}
                >
                  {columns[item.index + 1]?.head}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup">
            {shown.map((item) => (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className={`sheet-row ${rowClass?.(item.index) ?? ""}`}
                style={{ height, transform: `translateY(${item.start}px)` }}
              >
                {cellOf(item.index, 0, "rowheader")}
                {across.map((one) => cellOf(item.index, one.index + 1, "cell", one.start))}
              </div>
            ))}
          </div>
        </div>
      </div>
      {whole === undefined ? null : (
        <section className="sheet-value" aria-label="Chosen cell">
          <pre>{whole}</pre>
        </section>
      )}
    </div>
  );
}
