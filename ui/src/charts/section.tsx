// The cards of one section: closed and opened, moved and resized together.
import { type CSSProperties, useCallback, useRef, useState } from "react";
import { moved, type Section } from "../lib/layout";
import type { Board } from "./board";
import { Card } from "./card";

const SHOWN = 24; // cards at once
const USUAL: [number, number] = [352, 192];
const LEAST: [number, number] = [200, 96];
const STEP = 16; // pixels that a key changes a size

interface SectionProps {
  section: Section;
  isOpen: boolean;
  board: Board;
  onFull: (metric: string) => void;
}

export function CardSection({ section, isOpen, board, onFull }: SectionProps) {
  const { layout, change } = board;
  const { id, title, keys } = section;
  const [shown, show] = useState(SHOWN);
  const state = useRef({ layout, keys });
  state.current = { layout, keys };
  const order = useCallback(
    (metric: string, to: number) => {
      const { layout, keys } = state.current;
      const next = moved(keys, metric, to);
      // Pinned cards stand in the order in which they were pinned.
      if (layout.pins.includes(metric)) change({ pins: next });
      else change({ order: { ...layout.order, [id]: next } });
    },
    [id, change],
  );
  const move = useCallback(
    (metric: string, by: number) => order(metric, state.current.keys.indexOf(metric) + by),
    [order],
  );
  const drop = useCallback(
    (metric: string, before: string) => {
      const { keys } = state.current;
      if (keys.includes(metric)) order(metric, keys.indexOf(before));
    },
    [order],
  );
  const toggle = (open: boolean) => {
    if (open === isOpen) return;
    const without = (those: string[]) => those.filter((one) => one !== id);
    change({
      closed: open ? without(layout.closed) : [...without(layout.closed), id],
      opened: open ? [...without(layout.opened), id] : without(layout.opened),
    });
  };
  const [width, height] = layout.sizes[id] ?? USUAL;
  const style = { "--card-width": `${width}px`, "--card-height": `${height}px` } as CSSProperties;
  return (
    <details
      className="section"
      open={isOpen}
      onToggle={(event) => toggle(event.currentTarget.open)}
    >
      <summary>
        {title} <span>{keys.length}</span>
      </summary>
      {isOpen ? (
        <>
          <div className="cards" style={style}>
            {keys.slice(0, shown).map((key) => (
              <div key={key} className="card-place">
                <Card
                  metric={key}
                  section={id}
                  board={board}
                  onFull={onFull}
                  onMove={move}
                  onDrop={drop}
                />
                <Resize
                  name={title}
                  size={[width, height]}
                  onChange={(size) => change({ sizes: { ...layout.sizes, [id]: size } })}
                />
              </div>
            ))}
          </div>
          {keys.length > shown ? (
            <button type="button" className="button" onClick={() => show(shown + SHOWN)}>
              Show {Math.min(SHOWN, keys.length - shown)} more of {keys.length - shown}
            </button>
          ) : null}
        </>
      ) : null}
    </details>
  );
}

interface ResizeProps {
  name: string;
  size: [number, number];
  onChange: (size: [number, number]) => void;
}

/** The corner of a card: what it changes, it changes for the whole section. */
function Resize({ name, size, onChange }: ResizeProps) {
  const start = useRef<{ x: number; y: number; width: number; height: number }>(undefined);
  const put = (width: number, height: number) =>
    onChange([Math.max(LEAST[0], Math.round(width)), Math.max(LEAST[1], Math.round(height))]);
  return (
    <button
      type="button"
      className="resize"
      aria-label={`Size of the charts of ${name}: arrow keys, or drag`}
      title="Drag, or use the arrow keys, to change the size"
      onPointerDown={(event) => {
        const card = event.currentTarget.parentElement;
        event.currentTarget.setPointerCapture(event.pointerId);
        const width = card?.clientWidth ?? size[0];
        start.current = { x: event.clientX, y: event.clientY, width, height: size[1] };
      }}
      onPointerMove={(event) => {
        const from = start.current;
        if (!from) return;
        put(from.width + event.clientX - from.x, from.height + event.clientY - from.y);
      }}
      onPointerUp={() => {
        start.current = undefined;
      }}
      onKeyDown={(event) => {
        const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
          event.key
        ];
        if (!by) return;
        event.preventDefault();
        put(size[0] + (by[0] ?? 0) * STEP, size[1] + (by[1] ?? 0) * STEP);
      }}
    />
  );
}
