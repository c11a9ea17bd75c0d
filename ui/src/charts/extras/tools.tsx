// What the charts of whole sets share.
import { useMemo } from "react";
import type { Extra } from "../../lib/layout";
import type { Row } from "../../lib/runset";
import type { Board } from "../board";

export interface ExtraProps {
  extra: Extra;
  rows: Row[];
  board: Board;
  onOption: (options: Record<string, string | number | boolean>) => void;
}

/** Return the colour of each run: its own where its lines are drawn, else a quiet one. */
export function useColors({ runs }: Board): (id: string) => string | undefined {
  return useMemo(() => {
    const colors = new Map(runs.map((run) => [run.id, run.color]));
    return (id: string) => colors.get(id);
  }, [runs]);
}

interface TickProps {
  label: string;
  name: string;
  extra: Extra;
  onOption: ExtraProps["onOption"];
}

export function Tick({ label, name, extra, onOption }: TickProps) {
  return (
    <label className="line">
      <input
        type="checkbox"
        checked={extra.options?.[name] === true}
        onChange={(event) => onOption({ [name]: event.target.checked })}
      />
      {label}
    </label>
  );
}
