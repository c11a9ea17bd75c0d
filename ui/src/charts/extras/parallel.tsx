// Runs as lines over many axes: axes are moved, brushed in several places, coloured by the last.
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import {
  type Axis,
  axisOf,
  conditionOf,
  gradient,
  type Interval,
  isWithin,
  labelsOf,
  placesOn,
} from "../../lib/axes";
import { allOf } from "../../lib/filter";
import { moved } from "../../lib/layout";
import { columnNamed } from "../../lib/runset";
import { useField } from "../../state/location";
import { penOf, useSize } from "../canvas";
import { inkOf, useTheme } from "../ink";
import type { ExtraProps } from "./tools";

const TOP = 10;
const BOTTOM = 10;
const SIDE = 60;
const REACH = 14; // pixels beside an axis that belong to it
const LEAST = 0.01; // of an axis, that a brush covers

type Brushes = Record<string, Interval[]>;

function brushesIn(text: unknown): Brushes {
  try {
    const found: unknown = JSON.parse(String(text ?? "{}"));
    if (typeof found !== "object" || found === null) return {};
    return Object.fromEntries(
      Object.entries(found).filter(
        ([, those]) =>
          Array.isArray(those) &&
          those.every(
            (one) => Array.isArray(one) && one.length === 2 && one.every(Number.isFinite),
          ),
      ),
    );
  } catch {
    return {};
  }
}

interface ParallelProps extends ExtraProps {
  onFields: (fields: string[]) => void;
}

export function Parallel({ extra, rows, board, onOption, onFields }: ParallelProps) {
  const place = useRef<HTMLDivElement>(null);
  const [lines, over] = [useRef<HTMLCanvasElement>(null), useRef<HTMLCanvasElement>(null)];
  const size = useSize(place);
  const theme = useTheme();
  const [filter, setFilter] = useField("filter");
  const [drag, setDrag] = useState<{ field: string; from: number; to: number }>();
  const { options = {}, fields } = extra;
  const brushes = useMemo(() => brushesIn(options["brushes"]), [options["brushes"]]);
  const logs = fields.map((field) => options[`log ${field}`] === true).join();
  const axes = useMemo(
    () =>
      fields.flatMap((field, at): Axis[] => {
        const column = columnNamed(field);
        return column ? [axisOf(rows, column, logs.split(",")[at] === "true")] : [];
      }),
    [rows, fields, logs],
  );
  const places = useMemo(() => axes.map(placesOn), [axes]);
  const isKept = useMemo(
    () =>
      rows.map((_, row) =>
        axes.every((axis, at) => isWithin(places[at]?.[row], brushes[axis.column.id])),
      ),
    [rows, axes, places, brushes],
  );
  const kept = isKept.filter(Boolean).length;
  const isBrushed = Object.values(brushes).some((those) => those.length > 0);
  const leftOf = (at: number) =>
    SIDE + (axes.length > 1 ? at / (axes.length - 1) : 0.5) * Math.max(1, size.width - 2 * SIDE);
  const topOf = (at: number) => TOP + (1 - at) * Math.max(1, size.height - TOP - BOTTOM);

  const draw = (pen: CanvasRenderingContext2D, row: number) => {
    pen.beginPath();
    let isDown = false;
    for (const [at, those] of places.entries()) {
      const value = those[row];
      if (value === undefined) isDown = false;
      else if (isDown) pen.lineTo(leftOf(at), topOf(value));
      else pen.moveTo(leftOf(at), topOf(value));
      if (value !== undefined) isDown = true;
    }
    pen.stroke();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: painted anew with all that it shows
  useLayoutEffect(() => {
    const pen = penOf(lines.current, size);
    if (!pen || !lines.current) return;
    const ink = inkOf(lines.current);
    const last = places.at(-1) ?? [];
    pen.globalAlpha = 0.35;
    pen.strokeStyle = ink.line;
    for (const [row] of rows.entries()) if (!isKept[row]) draw(pen, row);
    pen.globalAlpha = rows.length > 500 ? 0.4 : 0.75;
    pen.lineWidth = rows.length > 500 ? 1 : 1.25;
    for (const [row] of rows.entries()) {
      if (!isKept[row]) continue;
      const value = last[row];
      pen.strokeStyle = value === undefined ? ink.text : gradient(value);
      draw(pen, row);
    }
    pen.globalAlpha = 1;
    pen.font = ink.font;
    pen.textBaseline = "middle";
    for (const [at, axis] of axes.entries()) {
      const left = Math.round(leftOf(at)) + 0.5;
      pen.strokeStyle = ink.text;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(left, TOP);
      pen.lineTo(left, size.height - BOTTOM);
      pen.stroke();
      pen.textAlign = at === axes.length - 1 ? "left" : "right";
      for (const label of labelsOf(axis)) {
        const away = at === axes.length - 1 ? 6 : -6;
        pen.fillStyle = ink.text;
        pen.fillText(label.text.slice(0, 9), left + away, topOf(label.at));
      }
      for (const [low, high] of brushes[axis.column.id] ?? []) {
        pen.fillStyle = ink.text;
        pen.globalAlpha = 0.25;
        pen.fillRect(left - 5, topOf(high), 10, topOf(low) - topOf(high));
        pen.globalAlpha = 1;
      }
    }
  }, [size, rows, axes, places, isKept, brushes, theme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: likewise
  useLayoutEffect(() => {
    const pen = penOf(over.current, size);
    if (!pen || !over.current) return;
    const row = rows.findIndex((one) => one.id === board.hovered);
    pen.strokeStyle = inkOf(over.current).text;
    pen.lineWidth = 2.5;
    if (row >= 0) draw(pen, row);
    const at = axes.findIndex((axis) => axis.column.id === drag?.field);
    if (drag && at >= 0) {
      const [low, high] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
      pen.strokeRect(leftOf(at) - 6, topOf(high), 12, topOf(low) - topOf(high));
    }
  }, [size, rows, axes, board.hovered, drag]);

  const where = (event: React.PointerEvent): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    const top = event.clientY - box.top;
    const at = 1 - (top - TOP) / Math.max(1, size.height - TOP - BOTTOM);
    return [event.clientX - box.left, Math.max(0, Math.min(1, at))];
  };
  const put = (field: string, those: Interval[]) =>
    onOption({ brushes: JSON.stringify({ ...brushes, [field]: those }) });
  const down = (event: React.PointerEvent) => {
    const [left, at] = where(event);
    const axis = axes.findIndex((_, one) => Math.abs(leftOf(one) - left) < REACH);
    const field = axes[axis]?.column.id;
    if (!field) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ field, from: at, to: at });
  };
  const move = (event: React.PointerEvent) => {
    const [left, at] = where(event);
    if (drag) {
      setDrag({ ...drag, to: at });
      return;
    }
    const row = nearestRow(left, topOf(at));
    if (rows[row]?.id !== board.hovered) board.onHover(rows[row]?.id);
  };
  const up = () => {
    if (!drag) return;
    setDrag(undefined);
    const [low, high] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
    const those = brushes[drag.field] ?? [];
    // A click in a brush takes it away.
    if (high - low < LEAST)
      put(
        drag.field,
        those.filter((one) => low < one[0] || low > one[1]),
      );
    else put(drag.field, [...those, [low, high]]);
  };
  const nearestRow = (left: number, top: number): number => {
    const before = axes.findLastIndex((_, at) => leftOf(at) <= left);
    const [here, next] = [places[before], places[before + 1]];
    if (!here || !next) return -1;
    const share = (left - leftOf(before)) / (leftOf(before + 1) - leftOf(before));
    let [found, least] = [-1, 10];
    for (const [row, start] of here.entries()) {
      const end = next[row];
      if (start === undefined || end === undefined || !isKept[row]) continue;
      const far = Math.abs(topOf(start + share * (end - start)) - top);
      if (far < least) [found, least] = [row, far];
    }
    return found;
  };
  const narrow = () => {
    const found = axes.flatMap((axis) => conditionOf(axis, brushes[axis.column.id]) ?? []);
    setFilter(allOf([filter, ...found]));
    onOption({ brushes: "{}" });
  };
  const canNarrow = axes.some((axis) => conditionOf(axis, brushes[axis.column.id]));
  return (
    <>
      <div className="line">
        <span className="quiet">
          {isBrushed ? `${kept} of ${rows.length} runs` : "Drag along an axis to choose runs"}
        </span>
        {isBrushed ? (
          <button type="button" className="plain" onClick={() => onOption({ brushes: "{}" })}>
            Choose all
          </button>
        ) : null}
        {canNarrow && board.experimentIds ? (
          <button type="button" className="plain" onClick={narrow}>
            Show only these runs
          </button>
        ) : null}
      </div>
      <ol className="axis-names">
        {axes.map((axis, at) => (
          <li key={axis.column.id}>
            <button
              type="button"
              className="plain mono"
              draggable
              title={`${axis.column.id}: drag, or use the arrow keys, to move; click for a logarithmic axis`}
              aria-label={`Axis ${axis.column.id}: arrow keys move it, Enter makes it logarithmic`}
              aria-pressed={axis.scale.log}
              onClick={() => onOption({ [`log ${fields[at]}`]: !axis.scale.log })}
              onKeyDown={(event) => {
                const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
                if (by) onFields(moved(fields, fields[at] ?? "", at + by));
              }}
              onDragStart={(event) =>
                event.dataTransfer.setData("application/x-axis", fields[at] ?? "")
              }
              onDragOver={(event) => event.preventDefault()}
              onDrop={(event) => {
                const dragged = event.dataTransfer.getData("application/x-axis");
                if (fields.includes(dragged)) onFields(moved(fields, dragged, at));
              }}
            >
              {axis.column.key}
              {axis.scale.log ? " (log)" : ""}
            </button>
          </li>
        ))}
      </ol>
      <div
        ref={place}
        className="extra-canvas"
        role="img"
        aria-label={`${kept} of ${rows.length} runs over ${fields.join(", ")}`}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerLeave={() => board.onHover(undefined)}
      >
        <canvas ref={lines} />
        <canvas ref={over} />
      </div>
    </>
  );
}
