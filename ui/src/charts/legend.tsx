// Which colour and which dashes stand for which group of runs.
import { useMemo } from "react";
import type { Group } from "../lib/chart-groups";
import type { Board } from "./board";
import { DASHES } from "./use-traces";

const SHOWN = 40;

/** A piece of a line. */
export function Sign({ color, dash }: { color: string | undefined; dash: number[] }) {
  return (
    <svg width="24" height="8" aria-hidden="true">
      <line
        x1="0"
        x2="24"
        y1="4"
        y2="4"
        strokeWidth="2"
        stroke={color ?? "currentColor"}
        strokeDasharray={dash.join(" ")}
      />
    </svg>
  );
}

export function Legend({ board }: { board: Board }) {
  const { groups, layout, palette, hovered, onHover } = board;
  const isTogether = layout.area !== "none";
  const found = useMemo(() => {
    const distinct = new Map<string, Group>();
    for (const group of groups?.values() ?? []) {
      const key = `${group.color} ${group.dash}`;
      if (!distinct.has(key)) distinct.set(key, group);
    }
    return [...distinct.values()].sort((a, b) => a.color - b.color || a.dash - b.dash);
  }, [groups]);
  if (!groups || layout.color.length + layout.dash.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keys
    <ul className="legend" aria-label={[...layout.color, ...layout.dash].join(", ")} tabIndex={0}>
      {found.slice(0, SHOWN).map((group) => (
        <li
          key={group.name}
          className={isTogether && hovered === group.name ? "chosen" : undefined}
          onMouseEnter={() => isTogether && onHover(group.name)}
          onMouseLeave={() => isTogether && onHover(undefined)}
        >
          <Sign
            color={layout.color.length ? palette[group.color % palette.length] : undefined}
            dash={DASHES[group.dash % DASHES.length] ?? []}
          />
          <span className="legend-text" title={group.label}>
            {group.label}
          </span>
        </li>
      ))}
      {found.length > SHOWN ? <li className="quiet">and {found.length - SHOWN} more</li> : null}
    </ul>
  );
}
