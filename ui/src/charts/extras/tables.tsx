// What params tell of a metric, values as bars, and values as boxes.
import { useMemo } from "react";
import { axisOf } from "../../lib/axes";
import { boxOf, pairsOf, spearman } from "../../lib/fit";
import { importances } from "../../lib/forest";
import { significant } from "../../lib/format";
import type { Trace } from "../../lib/lines";
import { columnNamed, type Row } from "../../lib/runset";
import { ticks } from "../../lib/scales";
import { Bars } from "../bars";
import { type ExtraProps, useColors } from "./tools";

const MOST_BARS = 200;
const MOST_GROUPS = 24;

interface ImportanceProps {
  rows: Row[];
  metric: string;
  params: string[];
}

export function Importance({ rows, metric, params }: ImportanceProps) {
  const found = useMemo(() => {
    const column = columnNamed(metric);
    if (!column) return [];
    const goal = axisOf(rows, column).values;
    const known = rows.filter((_, at) => Number.isFinite(goal[at]));
    const wanted = goal.filter((value): value is number => Number.isFinite(value));
    const axes = params.flatMap((param) => {
      const of = columnNamed(param);
      const axis = of && axisOf(known, of);
      return axis && new Set(axis.values).size > 1 ? [axis] : [];
    });
    const numbers = axes.map((axis) => axis.values.map((value) => value ?? axis.scale.min - 1));
    const shares = importances(numbers, wanted);
    return axes
      .map((axis, at) => ({
        key: axis.column.id,
        share: shares[at] ?? 0,
        correlation: axis.texts ? Number.NaN : spearman(pairsOf(axis.values, wanted)),
      }))
      .sort((a, b) => b.share - a.share);
  }, [rows, metric, params]);
  if (found.length === 0) return <p className="quiet">No param differs between these runs.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long table is scrolled by keys
    <section className="extra-canvas scrolls" tabIndex={0} aria-label="Param importance">
      <table className="importance">
        <thead>
          <tr>
            <th scope="col">Param</th>
            <th
              scope="col"
              title="Share of the variance that a random forest's cuts take away (Breiman 2001)"
            >
              Importance
            </th>
            <th scope="col" title="Spearman's rank correlation with the metric">
              Correlation
            </th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ key, share, correlation }) => (
            <tr key={key}>
              <th scope="row" className="mono" title={key}>
                {key}
              </th>
              <td>
                <span className="bar-fill accent" style={{ width: `${share * 60}%` }} />
                {significant(share)}
              </td>
              <td>{Number.isNaN(correlation) ? "" : significant(correlation)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function MetricBars({ extra, rows, board }: ExtraProps) {
  const colorOf = useColors(board);
  const traces = useMemo(() => {
    const column = columnNamed(extra.fields[0] ?? "");
    if (!column) return [];
    const { values } = axisOf(rows, column);
    const found = rows.flatMap((row, at): Trace[] =>
      values[at] === undefined
        ? []
        : [
            {
              ...{ id: row.id, run: row.id, label: row.name, dash: [], bold: false },
              color: colorOf(row.id) ?? "var(--line-strong)",
              x: Float64Array.of(0),
              y: Float64Array.of(values[at]),
            },
          ],
    );
    return found.sort((a, b) => (b.y[0] ?? 0) - (a.y[0] ?? 0));
  }, [extra.fields, rows, colorOf]);
  return (
    <div className="extra-canvas scrolls">
      <Bars traces={traces.slice(0, MOST_BARS)} hovered={board.hovered} onHover={board.onHover} />
      {traces.length > MOST_BARS ? (
        <p className="quiet">and {traces.length - MOST_BARS} smaller ones</p>
      ) : null}
    </div>
  );
}

const WIDE = 400;
const HIGH = 180;
const LEFT = 50;

export function Boxes({ extra, rows }: ExtraProps) {
  const { groups, scale } = useMemo(() => {
    const [by, metric] = extra.fields.map(columnNamed);
    if (!by || !metric) return { groups: [], scale: { min: 0, max: 1, log: false } };
    const { values, scale } = axisOf(rows, metric);
    const names = rows.map(
      (row) => (by.kind === "tags" ? row.tags : row.params).get(by.key) ?? "(none)",
    );
    const all = [...new Set(names)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const groups = all.slice(0, MOST_GROUPS).flatMap((name) => {
      const inside = values.filter(
        (value, at): value is number => names[at] === name && value !== undefined,
      );
      const box = boxOf(inside);
      return box ? [{ name, box, count: inside.length }] : [];
    });
    return { groups, scale };
  }, [extra.fields, rows]);
  const size = scale.max - scale.min || 1;
  const air = size * 0.05;
  const top = (value: number) =>
    4 + (1 - (value - scale.min + air) / (size + 2 * air)) * (HIGH - 28);
  const wide = (WIDE - LEFT) / Math.max(1, groups.length);
  return (
    <svg className="extra-canvas boxes" viewBox={`0 0 ${WIDE} ${HIGH}`} role="img">
      <title>
        {groups.map(({ name, box }) => `${name}: median ${significant(box.median)}`).join("; ")}
      </title>
      {ticks(scale, 4).map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDE} y1={top(value)} y2={top(value)} className="grid-line" />
          <text x={LEFT - 6} y={top(value) + 3} textAnchor="end">
            {significant(value)}
          </text>
        </g>
      ))}
      {groups.map(({ name, box, count }, at) => {
        const middle = LEFT + (at + 0.5) * wide;
        const half = Math.min(20, wide * 0.35);
        return (
          <g key={name}>
            <title>{`${name}: ${count} runs, median ${significant(box.median)}`}</title>
            <line
              x1={middle}
              x2={middle}
              y1={top(box.low)}
              y2={top(box.high)}
              className="whisker"
            />
            <rect
              x={middle - half}
              y={top(box.third)}
              width={2 * half}
              height={Math.max(1, top(box.first) - top(box.third))}
              className="box"
            />
            <line
              x1={middle - half}
              x2={middle + half}
              y1={top(box.median)}
              y2={top(box.median)}
              className="median"
            />
            {box.outer.slice(0, 100).map((value, one) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: equal values may repeat
              <circle key={one} cx={middle} cy={top(value)} r="2" className="whisker" />
            ))}
            <text x={middle} y={HIGH - 8} textAnchor="middle">
              {name.slice(0, Math.max(3, Math.floor(wide / 6)))}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
