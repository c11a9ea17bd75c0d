// What stands in the cells of the table of runs.
import { delta } from "../../lib/compare";
import { ago, duration, significant } from "../../lib/format";
import { confidence, type Stats } from "../../lib/groups";
import { type Column, type Row, valueIn } from "../../lib/runset";
import type { Direction } from "../../lib/view";

const SHORT = 3; // digits of how far a value is from another
const FLASH = 1_500; // milliseconds in which a change is shown as one

/** The attributes that can be columns. */
export const SHOWABLE = [
  "start_time",
  "duration",
  "user_id",
  "end_time",
  "run_id",
  "experiment_id",
];

interface CellProps {
  row: Row;
  column: Column;
  baseline: Row | undefined;
  better: Direction | undefined;
  experiments: ReadonlyMap<string, string>; // names by id
}

/** A value, how far it is from the baseline's, and a moment of light when it has just changed. */
export function Cell({ row, column, baseline, better, experiments }: CellProps) {
  const value = valueIn(row, column);
  if (value === undefined || value === "") return null;
  const { news } = row;
  const isFresh = news?.columns.has(column.id) && Date.now() - news.at < FLASH;
  const isExperiment = column.kind === "attributes" && column.key === "experiment_id";
  const text = isExperiment
    ? (experiments.get(row.experimentId) ?? row.experimentId)
    : textOf(column, value);
  const shown = isFresh ? (
    <span key={news?.at} className="flash">
      {text}
    </span>
  ) : (
    text
  );
  if (!baseline || column.kind !== "metrics") return shown;
  return (
    <>
      {shown}
      <Delta value={value} base={valueIn(baseline, column)} better={better} />
    </>
  );
}

function textOf(column: Column, value: string | number): string {
  if (column.kind === "attributes" && typeof value === "number") {
    return column.key === "duration" ? duration(value) : ago(value, Date.now());
  }
  return typeof value === "number" ? significant(value) : value;
}

/** Return the exact value of a cell, for those who point at it. */
export function tipOf(row: Row, column: Column): string | undefined {
  const value = valueIn(row, column);
  if (typeof value !== "number") return value || undefined;
  if (column.kind !== "attributes") return String(value);
  return column.key === "duration" ? `${value} ms` : new Date(value).toISOString();
}

function Delta({
  value,
  base,
  better,
}: {
  value: string | number;
  base: string | number | undefined;
  better: Direction | undefined;
}) {
  const text = delta(value, base, SHORT);
  // Where there is none its room is left, so that values stand below one another.
  if (!text || typeof value !== "number" || typeof base !== "number") {
    return <span className="delta" />;
  }
  const isUp = value > base;
  const judged = better === undefined ? "" : isUp === (better === "up") ? " good" : " bad";
  return (
    <span className={`delta${judged}`} title={delta(value, base)}>
      {better === undefined ? "" : isUp ? "▲ " : "▼ "}
      {text}
    </span>
  );
}

/** The statistics of a group's metric: the mean, and the rest on a line that says which is which. */
export function StatsCell({ stats, show }: { stats: Stats | undefined; show: string }) {
  if (!stats || stats.count === 0) return null;
  const half = confidence(stats);
  const said = [
    `mean ${significant(stats.mean)}`,
    `min ${significant(stats.min)}`,
    `max ${significant(stats.max)}`,
    `std ${significant(stats.std)}`,
    ...(half === undefined ? [] : [`95 % CI ±${significant(half)}`]),
    `of ${stats.count}`,
  ].join(", ");
  return (
    <span title={said}>
      {significant(stats.mean)} <span className="spread quiet">{spread(stats, show)}</span>
    </span>
  );
}

function spread(stats: Stats, show: string): string {
  if (show === "range") return `${significant(stats.min)} – ${significant(stats.max)}`;
  if (show === "std") return `± ${significant(stats.std)}`;
  const half = confidence(stats);
  return half === undefined ? "" : `± ${significant(half)}`;
}
