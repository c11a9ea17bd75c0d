// What is done to single runs of the table, by menus and by keys.
import { useMemo, useRef } from "react";
import { tagRuns, untagRuns } from "../../api/run-acts";
import type { RunSet } from "../../api/run-set";
import { say, sayError } from "../../components/toast";
import { COLOR_TAG } from "../../lib/colors";
import type { Row } from "../../lib/runset";
import type { View } from "../../lib/view";

const MOST_PINNED = 10; // so that there is room for the others

export interface RowActs {
  pin: (row: Row) => void;
  base: (row: Row) => void;
  eye: (row: Row) => void;
  only: (rows: Row[]) => void;
  color: (row: Row, color: string | undefined) => Promise<void>;
  done: (ids: string[]) => void;
  narrow: (part: Partial<View>) => void;
  onKey: (key: string, row: Row) => boolean;
}

interface Given {
  view: View;
  change: (part: Partial<View>) => void;
  set: RunSet;
}

export function useRowActs(given: Given): RowActs {
  const latest = useRef(given);
  latest.current = given;
  return useMemo(() => {
    const acts: RowActs = {
      pin: ({ id }) => {
        const { view, change } = latest.current;
        if (view.pinned.includes(id)) change({ pinned: view.pinned.filter((one) => one !== id) });
        else if (view.pinned.length < MOST_PINNED) change({ pinned: [...view.pinned, id] });
        else sayError(`${MOST_PINNED} runs are pinned already. Unpin one first.`);
      },
      base: ({ id }) => {
        const { view, change } = latest.current;
        if (view.baseline === id) return change({ baseline: undefined });
        const old = view.baseline;
        const keeps = old && !view.pinned.includes(old) && view.pinned.length < MOST_PINNED;
        // The one before stays at hand.
        change({ baseline: id, ...(keeps ? { pinned: [...view.pinned, old] } : {}) });
      },
      eye: ({ id }) => {
        const { view, change } = latest.current;
        const eyes = new Set(view.eyes);
        if (!eyes.delete(id)) eyes.add(id);
        change({ eyes });
      },
      only: (rows) =>
        latest.current.change({ show: "none", eyes: new Set(rows.map((row) => row.id)) }),
      color: async (row, color) => {
        const { set } = latest.current;
        const before = row.color;
        const put = async (next: string | undefined) => {
          set.edit(new Set([row.id]), ({ color: _, ...rest }) =>
            next ? { ...rest, color: next } : rest,
          );
          if (next) await tagRuns([row.id], COLOR_TAG, next);
          else await untagRuns([row.id], COLOR_TAG);
          set.told([row.id]);
        };
        if (color === before) return;
        try {
          await put(color);
          say(`“${row.name}” has another colour, for everybody.`, () => put(before));
        } catch (error) {
          set.told([row.id]);
          sayError(error);
        }
      },
      done: (ids) => latest.current.set.told(ids),
      narrow: (part) => latest.current.change(part),
      onKey: (key, row) => {
        if (key === "e") acts.eye(row);
        else if (key === "p") acts.pin(row);
        else if (key === "b") acts.base(row);
        else if (key === "Enter") {
          window.location.hash = `#/experiments/${row.experimentId}/runs/${row.id}`;
        } else if (key === "m") {
          document
            .querySelector<HTMLElement>(`[data-key="${CSS.escape(row.id)}"] .row-menu`)
            ?.click();
        } else return false;
        return true;
      },
    };
    return acts;
  }, []);
}
