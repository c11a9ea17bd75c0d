// Runs as points between two columns, with a trend; or a metric as a surface between two params.
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { axisOf, gradient, labelsOf, placesOn } from "../../lib/axes";
import { linearFit, loess, type Pair, surface } from "../../lib/fit";
import { count, significant } from "../../lib/format";
import { paretoFront } from "../../lib/pareto";
import { columnNamed, type Row, valueIn } from "../../lib/runset";
import { viewOf } from "../../lib/view";
import { usePlace } from "../../state/location";
import { penOf, useSize } from "../canvas";
import { inkOf, useTheme } from "../ink";
import { type ExtraProps, Tick, useColors } from "./tools";

const EDGE = { left: 56, right: 12, top: 8, bottom: 34 };
const NEAR = 12;
const GRID = 40;
const BANDS = 10;
const MOST_POINTS = 2_000; // that a surface leans on
const CURVE = 60; // points of a curve

export function Scatter({ extra, rows, board, onOption }: ExtraProps) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(place);
  const theme = useTheme();
  const colorOf = useColors(board);
  const [near, setNear] = useState<{ row: Row; left: number; top: number }>();
  const [x, y, third] = extra.fields.map(columnNamed);
  const { options = {} } = extra;
  const isSurface = extra.kind === "contour";
  const logX = options["logX"] === true;
  const logY = options["logY"] === true;
  const trend = String(options["trend"] ?? "none");
  const width = Number(options["width"] ?? 0.5);
  const made = useMemo(() => {
    if (!x || !y) return undefined;
    const [across, up] = [axisOf(rows, x, logX), axisOf(rows, y, logY)];
    const color = third ? axisOf(rows, third) : undefined;
    const [lefts, tops] = [placesOn(across), placesOn(up)];
    const colors = color ? placesOn(color) : [];
    const points = rows.flatMap((row, at) => {
      const [left, top] = [lefts[at], tops[at]];
      return left === undefined || top === undefined ? [] : [{ row, left, top, color: colors[at] }];
    });
    return { across, up, color, points };
  }, [rows, x, y, third, logX, logY]);
  const pairs = useMemo(
    (): Pair[] => (made?.points ?? []).map(({ left, top }) => [left, top]),
    [made],
  );
  const { fields } = usePlace();
  const { better } = useMemo(() => viewOf(fields), [fields]);
  const ways = [x, y].map((one) => (one?.kind === "metrics" ? better[one.key] : undefined));
  const [wayX, wayY] = ways;
  const hasFront = options["front"] === true;
  const front = useMemo(
    () => (hasFront && wayX && wayY ? paretoFront(pairs, [wayX, wayY]) : []),
    [pairs, hasFront, wayX, wayY],
  );
  const fit = useMemo(() => (trend === "linear" ? linearFit(pairs) : undefined), [pairs, trend]);
  const curve = useMemo(() => {
    if (fit) return [0, 1].map((at): Pair => [at, fit.start + fit.slope * at]);
    if (trend !== "loess" || pairs.length < 3) return [];
    const at = Array.from({ length: CURVE + 1 }, (_, one) => one / CURVE);
    return loess(pairs, width, at).map((value, one): Pair => [at[one] ?? 0, value]);
  }, [fit, pairs, trend, width]);
  const heat = useMemo(() => {
    if (!isSurface || !made) return [];
    const known = made.points
      .filter((one) => one.color !== undefined)
      .slice(0, MOST_POINTS)
      .map(({ left, top, color = 0 }) => ({ x: left, y: top, z: color }));
    return known.length ? surface(known, GRID) : [];
  }, [made, isSurface]);

  const inner = {
    width: Math.max(1, size.width - EDGE.left - EDGE.right),
    height: Math.max(1, size.height - EDGE.top - EDGE.bottom),
  };
  const leftOf = (at: number) => EDGE.left + at * inner.width;
  const topOf = (at: number) => EDGE.top + (1 - at) * inner.height;
  // biome-ignore lint/correctness/useExhaustiveDependencies: painted anew with all that it shows
  useLayoutEffect(() => {
    const pen = penOf(canvas.current, size);
    if (!pen || !canvas.current || !made) return;
    const ink = inkOf(canvas.current);
    for (const [at, value] of heat.entries()) {
      const [column, row] = [at % GRID, Math.floor(at / GRID)];
      pen.fillStyle = gradient(Math.round(value * BANDS) / BANDS);
      // At whole pixels, so that no seam shows.
      const [left, right] = [column, column + 1].map((one) => Math.round(leftOf(one / GRID)));
      const [low, high] = [row, row + 1].map((one) => Math.round(topOf(one / GRID)));
      pen.fillRect(left ?? 0, high ?? 0, (right ?? 0) - (left ?? 0), (low ?? 0) - (high ?? 0));
    }
    pen.globalAlpha = 1;
    pen.font = ink.font;
    pen.fillStyle = ink.text;
    pen.strokeStyle = ink.line;
    pen.beginPath();
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const { at, text } of labelsOf(made.up)) {
      if (!isSurface) {
        pen.moveTo(EDGE.left, topOf(at));
        pen.lineTo(EDGE.left + inner.width, topOf(at));
      }
      pen.fillText(text.slice(0, 9), EDGE.left - 6, topOf(at));
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const { at, text } of labelsOf(made.across)) {
      if (!isSurface) {
        pen.moveTo(leftOf(at), EDGE.top);
        pen.lineTo(leftOf(at), EDGE.top + inner.height);
      }
      pen.fillText(text.slice(0, 14), leftOf(at), size.height - EDGE.bottom + 5);
    }
    pen.stroke();
    pen.fillText(x?.key ?? "", EDGE.left + inner.width / 2, size.height - 14);
    for (const { row, left, top, color } of made.points) {
      const isHot = row.id === board.hovered;
      pen.fillStyle = isSurface
        ? ink.text
        : color !== undefined
          ? gradient(color)
          : (colorOf(row.id) ?? ink.text);
      pen.globalAlpha = isHot || isSurface || color !== undefined || colorOf(row.id) ? 1 : 0.45;
      pen.beginPath();
      pen.arc(leftOf(left), topOf(top), isHot ? 6 : isSurface ? 2 : 3.5, 0, 2 * Math.PI);
      pen.fill();
    }
    pen.globalAlpha = 1;
    pen.beginPath();
    pen.rect(EDGE.left, EDGE.top, inner.width, inner.height);
    pen.clip();
    pen.strokeStyle = ink.text;
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const [at, value] of curve) pen.lineTo(leftOf(at), topOf(value));
    pen.stroke();
    // From run to run of the front by steps: what lies beyond them nobody reached.
    const best = front.flatMap((at) => made.points[at] ?? []);
    pen.setLineDash([4, 3]);
    pen.beginPath();
    for (const [at, { left, top }] of best.entries()) {
      const before = best[at - 1];
      if (before)
        pen.lineTo(
          leftOf(wayX === "up" ? before.left : left),
          topOf(wayX === "up" ? top : before.top),
        );
      pen.lineTo(leftOf(left), topOf(top));
    }
    pen.stroke();
    pen.setLineDash([]);
    for (const { left, top } of best) {
      pen.beginPath();
      pen.arc(leftOf(left), topOf(top), 6, 0, 2 * Math.PI);
      pen.stroke();
    }
  }, [size, made, heat, curve, front, theme, board.hovered, colorOf, extra.fields]);

  const move = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    let [found, least] = [undefined as Row | undefined, NEAR];
    for (const point of made?.points ?? []) {
      const far = Math.hypot(leftOf(point.left) - left, topOf(point.top) - top);
      if (far < least) [found, least] = [point.row, far];
    }
    setNear(found ? { row: found, left, top } : undefined);
    if (found?.id !== board.hovered) board.onHover(found?.id);
  };
  return (
    <>
      <div className="line">
        <Tick label="Log x" name="logX" extra={extra} onOption={onOption} />
        <Tick label="Log y" name="logY" extra={extra} onOption={onOption} />
        {isSurface ? null : (
          <label className="line">
            Trend
            <select
              className="field trend"
              value={trend}
              onChange={(event) => onOption({ trend: event.target.value })}
            >
              <option value="none">None</option>
              <option value="linear">Line</option>
              <option value="loess">LOESS</option>
            </select>
          </label>
        )}
        {trend === "loess" && !isSurface ? (
          <label className="line">
            Width
            <input
              type="range"
              min="0.1"
              max="1"
              step="0.05"
              value={width}
              onChange={(event) => onOption({ width: Number(event.target.value) })}
            />
          </label>
        ) : null}
        {isSurface || x?.kind !== "metrics" || y?.kind !== "metrics" ? null : (
          <Tick label="Pareto front" name="front" extra={extra} onOption={onOption} />
        )}
        {hasFront && !isSurface ? (
          <span className="quiet">
            {wayX && wayY
              ? `${count(front.length, "run")} that no other beats`
              : "The menus of the columns say whether higher or lower is better"}
          </span>
        ) : null}
        {fit ? <span className="quiet">R² {significant(fit.share)}</span> : null}
      </div>
      <div
        ref={place}
        className="extra-canvas"
        role="img"
        aria-label={`${made?.points.length ?? 0} runs by ${extra.fields.join(", ")}`}
        onPointerMove={move}
        onPointerLeave={() => {
          setNear(undefined);
          board.onHover(undefined);
        }}
      >
        <canvas ref={canvas} />
        {near ? (
          <div
            className="tip"
            style={
              near.left > size.width / 2
                ? { right: size.width - near.left + 12 }
                : { left: near.left + 12 }
            }
          >
            <p>{near.row.name}</p>
            {[x, y, third].map((column) =>
              column ? (
                <p key={column.id} className="quiet">
                  {column.key} {textOf(valueIn(near.row, column))}
                </p>
              ) : null,
            )}
          </div>
        ) : null}
      </div>
    </>
  );
}

function textOf(value: string | number | undefined): string {
  return typeof value === "number" ? significant(value) : (value ?? "none");
}
