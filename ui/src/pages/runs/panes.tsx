// Table, charts or both, and the line between them.
import { type CSSProperties, type ReactNode, useEffect, useState } from "react";
import { Icon } from "../../components/icons";
import type { View } from "../../lib/view";
import { Divider } from "./divider";

const PANES = [
  ["table", "Table"],
  ["both", "Both"],
  ["charts", "Charts"],
] as const;

export function Panes({ view, change }: { view: View; change: (part: Partial<View>) => void }) {
  return (
    <fieldset className="group panes" aria-label="View">
      {PANES.map(([name, text]) => (
        <button
          key={name}
          type="button"
          className="button"
          aria-pressed={view.panes === name}
          aria-label={text}
          title={text}
          onClick={() => change({ panes: name })}
        >
          <span className="narrow">
            <Icon name={name} size={16} />
          </span>
          <span className="wide">{text}</span>
        </button>
      ))}
    </fieldset>
  );
}

export function usePaneKey(view: View, change: (part: Partial<View>) => void): void {
  const { panes } = view;
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "j") return;
      event.preventDefault();
      change({ panes: panes === "table" ? "charts" : "table" });
    };
    window.addEventListener("keydown", heard);
    return () => window.removeEventListener("keydown", heard);
  }, [panes, change]);
}

function shares(split: number): CSSProperties {
  const parts: Record<string, string> = {
    "--table-share": `${split}fr`,
    "--charts-share": `${100 - split}fr`,
  };
  return parts;
}

export function Split({
  view,
  change,
  children,
}: {
  view: View;
  change: (part: Partial<View>) => void;
  children: [ReactNode, ReactNode];
}) {
  const [moved, move] = useState<number>();
  const [table, charts] = children;
  const split = moved ?? view.split;
  if (view.panes !== "both") return <div className="split one">{children}</div>;
  return (
    <div className="split" style={shares(split)}>
      {table}
      <Divider
        value={split}
        onChange={(value, isDone) => {
          move(isDone ? undefined : value);
          if (isDone) change({ split: value });
        }}
      />
      {charts}
    </div>
  );
}
