// Which rows and columns of a table are on the screen. One listener for both ways, and nothing is drawn
// until something comes near that is not in the document.
import { type RefObject, useCallback, useLayoutEffect, useState } from "react";

const OVER = 8; // rows beyond each edge
const STEP = 4; // rows that come and go together
const BESIDE = 120; // pixels beyond the right edge, and the left

export interface Window {
  top: number; // the first row
  end: number; // the row after the last
  first: number; // the first of the columns that scroll
  last: number; // the last of them
}

/** Return the rows and columns for a place of the scroll. */
export function windowAt(
  view: { top: number; left: number; height: number; width: number },
  row: number,
  rows: number,
  widths: number[],
  sticky: number,
): Window {
  const begin = Math.max(0, Math.floor(view.top / row) - OVER);
  const after = Math.ceil((view.top + view.height) / row) + OVER;
  let first = sticky;
  let last = sticky - 1;
  let place = 0; // of a column's left edge, among those that scroll
  const held = widths.slice(0, sticky).reduce((sum, width) => sum + width, 0);
  for (let at = sticky; at < widths.length; at += 1) {
    const width = widths[at] ?? 0;
    if (place + width < view.left - BESIDE) first = at + 1;
    if (place <= view.left + view.width - held + BESIDE) last = at;
    place += width;
  }
  return {
    top: Math.floor(begin / STEP) * STEP,
    end: Math.min(rows, Math.ceil(after / STEP) * STEP),
    first,
    last: Math.max(last, Math.min(first, widths.length - 1)),
  };
}

/** Return the window of an element that scrolls. */
export function useWindow(
  frame: RefObject<HTMLElement | null>,
  row: number,
  rows: number,
  widths: number[],
  sticky: number,
): Window {
  const [seen, see] = useState(() =>
    windowAt({ top: 0, left: 0, height: 600, width: 1200 }, row, rows, widths, sticky),
  );
  const layout = widths.join(" ");
  const look = useCallback(() => {
    const element = frame.current;
    if (!element) return;
    const { scrollTop: top, scrollLeft: left, clientHeight: height, clientWidth: width } = element;
    element.toggleAttribute("data-across", left > 0);
    const next = windowAt(
      { top, left, height, width },
      row,
      rows,
      layout.split(" ").map(Number),
      sticky,
    );
    see((before) =>
      (["top", "end", "first", "last"] as const).every((name) => before[name] === next[name])
        ? before
        : next,
    );
  }, [frame, row, rows, layout, sticky]);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    look();
    const watcher = new ResizeObserver(look);
    watcher.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      watcher.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [frame, look]);
  return seen;
}
