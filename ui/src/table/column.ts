// A column of a table, and where columns stand.
import type { ReactNode } from "react";

export interface GridColumn<T> {
  id: string;
  title: string;
  label?: string; // of the header, where it is not the title
  head?: ReactNode; // in place of the label
  width: number; // pixels
  isNumber?: boolean;
  isSticky?: boolean; // stays in sight; those that do come first
  sort?: "ASC" | "DESC" | undefined;
  place?: number | undefined; // in an order of several keys, from 1
  onSort?: (more: boolean) => void;
  onMenu?: (anchor: HTMLElement) => void;
  tip?: (row: T) => string | undefined; // what a cell says in full
  cell: (row: T) => ReactNode;
}

/** Which columns are in the document, and the tracks that place them. */
export interface Shown {
  template: string;
  sticky: number; // how many columns stay in sight
  lefts: number[]; // of those, in pixels
  first: number; // of the others
  last: number;
}

/** Return the tracks of columns: those in sight, a gap, those on the screen, and what is left. */
export function tracks(widths: number[], sticky: number, first: number, last: number): Shown {
  const sum = (from: number, to: number) =>
    widths.slice(from, to).reduce((total, width) => total + width, 0);
  const px = (width: number) => `${width}px`;
  const isEnd = last >= widths.length - 1;
  const on = widths.slice(first, last + 1).map(px);
  const end = on.length - 1;
  if (isEnd && end >= 0) on[end] = `minmax(${on[end]}, 1fr)`;
  const held = widths.slice(0, sticky).map(px);
  // A table of sticky columns only stretches the last of them.
  if (isEnd && end < 0 && sticky > 0) held[sticky - 1] = `minmax(${held[sticky - 1]}, 1fr)`;
  const rest = isEnd ? [] : [`minmax(${px(sum(last + 1, widths.length))}, 1fr)`];
  return {
    template: [...held, px(sum(sticky, first)), ...on, ...rest].join(" "),
    sticky,
    lefts: widths.slice(0, sticky).map((_, at) => sum(0, at)),
    first,
    last,
  };
}
