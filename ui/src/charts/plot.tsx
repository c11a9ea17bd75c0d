// Lines over an axis: drawn once, and again only when they or the range change.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { count } from "../lib/format";
import { nearest, type Range, type Trace, upper, valueAtX } from "../lib/lines";
import { type AxisKind, positionText, type Scale, valueAt } from "../lib/scales";
import { penOf } from "./canvas";
import type { Crosshair } from "./crosshair";
import { inkOf, useTheme } from "./ink";
import {
  BOTTOM,
  type Frame,
  inside,
  LEFT,
  paintAxes,
  paintTrace,
  paintTraces,
  placers,
} from "./paint";
import { Tip, type TipAt } from "./tip";

export interface PlotProps {
  label: string;
  traces: Trace[];
  x: Scale;
  y: Scale;
  kind: AxisKind;
  axis: string;
  crosshair: Crosshair;
  hovered: string | undefined;
  onHover: (run: string | undefined) => void;
  onZoom: (x: Range | undefined, y: Range | undefined) => void; // both undefined: all
}

const NEAR = 24; // pixels from which a line is what one points at
const DRAG = 4; // pixels from which a movement is no click

interface Drag {
  from: [number, number];
  to: [number, number];
  only: "x" | "y" | undefined;
}

export function Plot(props: PlotProps) {
  const { label, traces, x, y, kind, axis, crosshair, hovered, onHover, onZoom } = props;
  const place = useRef<HTMLDivElement>(null);
  const axes = useRef<HTMLCanvasElement>(null);
  const lines = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<[number, number]>([0, 0]);
  const [drag, setDrag] = useState<Drag>();
  const [tip, setTip] = useState<TipAt>();
  const [isFrozen, freeze] = useState(false);
  const theme = useTheme();
  const self = useMemo(() => ({}), []);
  const frame = useMemo(
    (): Frame => ({ width: size[0], height: size[1], x, y, kind }),
    [size, x, y, kind],
  );

  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      // The same size again draws nothing again.
      setSize((before) => (before[0] === width && before[1] === height ? before : [width, height]));
    };
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the style
  useLayoutEffect(() => {
    const pen = penOf(axes.current, frame);
    if (pen && axes.current) paintAxes(pen, frame, inkOf(axes.current));
  }, [frame, theme]);

  useLayoutEffect(() => {
    const pen = penOf(lines.current, frame);
    if (pen) paintTraces(pen, frame, traces);
  }, [frame, traces]);

  // What one points at is drawn above the lines, which fade: they are not drawn again.
  const hot = useRef<{ run: string | undefined; x: number | undefined }>({
    run: undefined,
    x: undefined,
  });
  const paintOver = useCallback(() => {
    const pen = penOf(over.current, frame);
    const bottom = lines.current;
    if (!pen || !bottom) return;
    const { run, x: at } = hot.current;
    const mine = run === undefined ? [] : traces.filter((trace) => trace.run === run);
    bottom.classList.toggle("faded", mine.length > 0 && mine.length < traces.length);
    const box = inside(frame);
    pen.beginPath();
    pen.rect(box.left, 0, box.width, frame.height);
    pen.clip();
    for (const trace of mine) paintTrace(pen, frame, trace, traces.length, true);
    if (at === undefined || !over.current) return;
    const where = placers(frame);
    const across = Math.round(where.x(at)) + 0.5;
    pen.strokeStyle = inkOf(over.current).text;
    pen.lineWidth = 1;
    pen.setLineDash([3, 3]);
    pen.beginPath();
    pen.moveTo(across, box.top);
    pen.lineTo(across, box.top + box.height);
    pen.stroke();
    for (const trace of traces.length > 12 ? mine : traces) {
      const value = valueAtX(trace.x, trace.y, at);
      if (!Number.isFinite(value)) continue;
      pen.fillStyle = trace.color;
      pen.fillRect(across - 3, where.y(value) - 3, 6, 6);
    }
  }, [frame, traces]);

  useEffect(() => {
    hot.current.run = hovered;
    paintOver();
  }, [hovered, paintOver]);

  useEffect(
    () =>
      crosshair.hear((pointed) => {
        hot.current.x = pointed && pointed.axis === axis ? pointed.x : undefined;
        paintOver();
      }),
    [crosshair, axis, paintOver],
  );

  const point = (left: number, top: number, isDetailed: boolean) => {
    const box = inside(frame);
    const at = valueAt(frame.x, (left - box.left) / box.width);
    const found = nearestTrace(frame, traces, at, top);
    crosshair.tell({ x: at, axis, source: self });
    if (!isFrozen) setTip({ left, top, x: at, run: found?.run, id: found?.id, isDetailed });
    if (found?.run !== hovered) onHover(found?.run);
  };
  const leave = () => {
    crosshair.tell(undefined);
    if (!isFrozen) setTip(undefined);
    if (hovered !== undefined) onHover(undefined);
  };
  const at = (event: React.PointerEvent): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const down = (event: React.PointerEvent) => {
    if (event.button !== 0) return;
    const [left, top] = at(event);
    const only = top > frame.height - BOTTOM ? "x" : left < LEFT ? "y" : undefined;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ from: [left, top], to: [left, top], only });
  };
  const move = (event: React.PointerEvent) => {
    const [left, top] = at(event);
    if (drag) setDrag({ ...drag, to: [left, top] });
    else if (isInside(frame, left)) point(left, top, event.shiftKey);
    else leave();
  };
  const up = (event: React.PointerEvent) => {
    if (!drag) return;
    setDrag(undefined);
    const chosen = boxOf(frame, { ...drag, to: at(event) });
    if (!chosen) {
      if (tip || isFrozen) freeze(!isFrozen);
      return;
    }
    onZoom(
      chosen.isX ? rangeOf(frame, chosen, "x") : undefined,
      chosen.isY ? rangeOf(frame, chosen, "y") : undefined,
    );
  };
  const keys = (event: React.KeyboardEvent) => {
    const box = inside(frame);
    const now = tip?.left ?? box.left + box.width / 2;
    const step = event.shiftKey ? 40 : 8;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const left = now + (event.key === "ArrowLeft" ? -step : step);
      point(
        Math.max(box.left, Math.min(box.left + box.width, left)),
        tip?.top ?? box.height / 2,
        false,
      );
    } else if (event.key === "+" || event.key === "=") {
      const [low, high] = [-0.25, 0.25].map((part) =>
        valueAt(frame.x, (now - box.left) / box.width + part),
      );
      onZoom([low ?? 0, high ?? 1], undefined);
    } else if (event.key === "-" || event.key === "0") onZoom(undefined, undefined);
    else if (event.key === "Enter") freeze(!isFrozen);
    else if (event.key === "Escape" && (isFrozen || tip)) {
      freeze(false);
      leave();
      setTip(undefined);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const chosen = drag && boxOf(frame, drag);
  const seen = useMemo(
    () => traces.reduce((sum, one) => sum + upper(one.x, x.max) - upper(one.x, below(x.min)), 0),
    [traces, x],
  );
  const ends = [x.min, x.max].map((end) => positionText(end, kind)).join(" to ");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture that keys and pointer work on
    <div
      ref={place}
      className="plot"
      role="group"
      aria-label={`${label}: ${count(traces.length, "line")}, x from ${ends}. Arrow keys read values, + and - zoom.`}
      data-points={seen}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys read the values of a chart
      tabIndex={0}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerLeave={leave}
      onDoubleClick={() => onZoom(undefined, undefined)}
      onKeyDown={keys}
      onBlur={leave}
    >
      <canvas ref={axes} className="axes" />
      <canvas ref={lines} />
      <canvas ref={over} />
      {chosen ? (
        <span
          className="zoom-box"
          style={{ left: chosen.left, top: chosen.top, width: chosen.width, height: chosen.height }}
        />
      ) : null}
      {tip && size[0] > 0 ? (
        <Tip
          tip={tip}
          traces={traces}
          title={positionText(kind === "step" ? Math.round(tip.x) : tip.x, kind)}
          width={size[0]}
          isFrozen={isFrozen}
        />
      ) : null}
    </div>
  );
}

function isInside(frame: Frame, left: number): boolean {
  const box = inside(frame);
  return left >= box.left && left <= box.left + box.width;
}

/** Return the line that passes nearest to a place, and not far. */
function nearestTrace(frame: Frame, traces: Trace[], x: number, top: number): Trace | undefined {
  const where = placers(frame);
  let found: Trace | undefined;
  let least = NEAR;
  for (const trace of traces) {
    let value = valueAtX(trace.x, trace.y, x);
    if (!Number.isFinite(value)) {
      const at = nearest(trace.x, x);
      if (at < 0 || Math.abs(where.x(trace.x[at] as number) - where.x(x)) > NEAR) continue;
      value = trace.y[at] as number;
    }
    const far = Math.abs(where.y(value) - top);
    if (far < least) [found, least] = [trace, far];
  }
  return found;
}

/** Return the part that a drag chooses: along one axis where it hardly leaves it; none for a click. */
function boxOf(frame: Frame, { from, to, only }: Drag) {
  const box = inside(frame);
  const clamp = (value: number, low: number, size: number) =>
    Math.max(low, Math.min(low + size, value));
  const [x0, x1] = [from[0], to[0]].map((one) => clamp(one, box.left, box.width)) as Range;
  const [y0, y1] = [from[1], to[1]].map((one) => clamp(one, box.top, box.height)) as Range;
  const [wide, high] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  if (Math.max(only === "y" ? 0 : wide, only === "x" ? 0 : high) < DRAG) return undefined;
  const isX = only ? only === "x" : wide >= DRAG && wide * 4 > high;
  const isY = only ? only === "y" : high >= 16 && high * 4 > wide;
  return {
    isX,
    isY,
    left: isX ? Math.min(x0, x1) : box.left,
    width: isX ? wide : box.width,
    top: isY ? Math.min(y0, y1) : box.top,
    height: isY ? high : box.height,
  };
}

function rangeOf(
  frame: Frame,
  chosen: { left: number; width: number; top: number; height: number },
  axis: "x" | "y",
): Range {
  const box = inside(frame);
  if (axis === "x") {
    const start = (chosen.left - box.left) / box.width;
    return [valueAt(frame.x, start), valueAt(frame.x, start + chosen.width / box.width)];
  }
  const end = 1 - (chosen.top - box.top) / box.height;
  return [valueAt(frame.y, end - chosen.height / box.height), valueAt(frame.y, end)];
}

/** Return a value just below another. */
function below(value: number): number {
  return value - Math.max(Number.MIN_VALUE, Math.abs(value) * Number.EPSILON);
}
