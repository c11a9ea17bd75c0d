// A table of any length and width: only what is on the screen is in the document.
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useRowHeight } from "../state/settings";
import { type GridColumn, tracks } from "./column";
import { GridHead, type HeadProps } from "./head";
import { MemoRow } from "./row";
import { useWindow } from "./window";

export type { GridColumn } from "./column";

export interface GridProps<T> {
  label: string;
  rows: T[];
  keyOf: (row: T) => string;
  columns: GridColumn<T>[]; // the first stays in sight
  stuck?: T[]; // rows that stay in sight above the others
  place?: string; // what is looked at: when it changes, the table is at its beginning again
  isChosen?: (row: T) => boolean;
  lookOf?: (row: T) => string;
  onHover?: (row: T | undefined) => void;
  onEnd?: () => void;
  onKey?: (key: string, row: T) => boolean; // returns whether it meant something
  onResize?: HeadProps<T>["onResize"];
  onMove?: HeadProps<T>["onMove"];
}

const PAIR = 1_000; // milliseconds between two keys that belong together
const NONE: never[] = [];

export function Grid<T>(props: GridProps<T>) {
  const { label, rows, keyOf, columns, stuck = NONE, onHover, onEnd } = props;
  const frame = useRef<HTMLDivElement>(null);
  const height = useRowHeight();
  const head = height * (1 + stuck.length);
  const loose = columns.findIndex((one, at) => at > 0 && !one.isSticky);
  const sticky = loose < 0 ? columns.length : loose;
  const widths = widthsOf(columns);
  const { top, end, first, last } = useWindow(frame, height, rows.length, widths, sticky);
  const shown = useShown(widths, sticky, first, last);
  useEffect(() => {
    if (onEnd && rows.length > 0 && end >= rows.length - 20) onEnd();
  }, [end, rows.length, onEnd]);
  useAnchor(frame, props, height);
  const { current, onKeyDown } = useRowKeys(frame, props, (at) =>
    bringIn(frame.current, at * height, height, head),
  );
  const look = (row: T) => `${props.isChosen?.(row) ? "chosen " : ""}${props.lookOf?.(row) ?? ""}`;
  const total = columns.reduce((sum, one) => sum + one.width, 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows that are not there cannot be in a <table>
    <div
      className="grid"
      ref={frame}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + stuck.length + 1}
      aria-colcount={columns.length}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a long table is scrolled by keys
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div
        className="grid-inner"
        style={{ height: rows.length * height + head, minWidth: `max(100%, ${total}px)` }}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div className="grid-top" role="rowgroup">
          <GridHead
            columns={columns}
            shown={shown}
            onResize={props.onResize}
            onMove={props.onMove}
          />
          {stuck.map((row, at) => (
            <MemoRow
              key={keyOf(row)}
              row={row}
              rowKey={keyOf(row)}
              index={at}
              top={undefined}
              columns={columns}
              shown={shown}
              look={`stuck ${look(row)}`}
              isCurrent={keyOf(row) === current}
              onHover={onHover}
            />
          ))}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div role="rowgroup">
          {rows.slice(top, end).map((row, at) => {
            const key = keyOf(row);
            return (
              <MemoRow
                key={key}
                row={row}
                rowKey={key}
                index={top + at + stuck.length}
                top={(top + at) * height}
                columns={columns}
                shown={shown}
                look={look(row)}
                isCurrent={key === current}
                onHover={onHover}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function useShown(widths: number[], sticky: number, first: number, last: number) {
  const next = tracks(widths, sticky, first, last);
  const [shown, show] = useState(next);
  const same = next.template === shown.template && next.sticky === shown.sticky;
  if (same && next.first === shown.first && next.last === shown.last) return shown;
  show(next);
  return next;
}

const widthsOf = <T,>(columns: GridColumn<T>[]) => columns.map((one) => one.width);

/** Scroll so that a row can be seen below the head. */
function bringIn(element: HTMLElement | null, top: number, height: number, head: number): void {
  if (!element) return;
  const room = element.clientHeight - head;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + height > element.scrollTop + room) element.scrollTop = top + height - room;
}

/** Keep the rows that one looks at where they are when others come or go above them. */
function useAnchor<T>(
  frame: React.RefObject<HTMLDivElement | null>,
  { rows, keyOf, place }: GridProps<T>,
  height: number,
): void {
  const before = useRef({ rows, place });
  useLayoutEffect(() => {
    const element = frame.current;
    const { rows: old, place: was } = before.current;
    before.current = { rows, place };
    if (!element || old === rows) return;
    if (was !== place) {
      element.scrollTop = 0;
      return;
    }
    const at = Math.floor(element.scrollTop / height);
    const top = old[at];
    if (at === 0 || top === undefined) return;
    const key = keyOf(top);
    const here = rows[at];
    if (here !== undefined && keyOf(here) === key) return;
    const next = rows.findIndex((row) => keyOf(row) === key);
    if (next >= 0) element.scrollTop += (next - at) * height;
  }, [rows, place, frame, keyOf, height]);
}

const STEPS: Record<string, number> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

/** Go through the rows by j and k or arrows; other keys are the caller's. */
function useRowKeys<T>(
  frame: React.RefObject<HTMLDivElement | null>,
  { rows, stuck = NONE, keyOf, onKey }: GridProps<T>,
  scrollTo: (at: number) => void,
) {
  const [current, setCurrent] = useState<string>();
  const wanted = useRef<string>(undefined);
  const before = useRef({ key: "", at: 0 });
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const found = frame.current?.querySelector<HTMLElement>(
      `[data-key="${CSS.escape(wanted.current)}"]`,
    );
    if (!found) return;
    wanted.current = undefined;
    found.focus({ preventScroll: true });
  });
  const press = useCallback(
    (key: string, from: string | undefined): boolean => {
      const { key: last, at: then } = before.current;
      before.current = { key, at: Date.now() };
      // What follows a g says where to go, and is not for a row.
      if (last === "g" && Date.now() - then < PAIR) return false;
      const all = stuck.length > 0 ? [...stuck, ...rows] : rows;
      const at = from === undefined ? -1 : all.findIndex((row) => keyOf(row) === from);
      const step = STEPS[key];
      if (step === undefined) {
        const row = all[at];
        return row !== undefined && (onKey?.(key, row) ?? false);
      }
      const next = Math.min(all.length - 1, Math.max(0, at + step));
      const row = all[next];
      if (row === undefined) return false;
      if (next >= stuck.length) scrollTo(next - stuck.length);
      wanted.current = keyOf(row);
      setCurrent(wanted.current);
      return true;
    },
    [rows, stuck, keyOf, onKey, scrollTo],
  );
  const heard = useRef(press);
  heard.current = press;
  const here = useRef(current);
  here.current = current;
  useEffect(() => {
    if (!onKey) return;
    const listen = (event: globalThis.KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
      // Where nothing has the focus, the table of the page hears the letters.
      if (event.target !== document.body || !isPlain || event.key.length > 1) return;
      if (heard.current(event.key, here.current)) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [onKey]);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (!onKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    const row = target.closest<HTMLElement>("[data-key]");
    const isControl = target !== row && target !== frame.current;
    if (isControl && (event.key === "Enter" || event.key === " " || event.key === "x")) return;
    if (target instanceof HTMLInputElement && target.type !== "checkbox") return;
    if (press(event.key, row?.dataset["key"] ?? here.current)) event.preventDefault();
  };
  return { current, onKeyDown };
}
