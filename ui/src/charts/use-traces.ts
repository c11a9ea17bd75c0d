// The lines of one card: asked for as finely as it is wide, and made ready to be drawn.
import { useMemo } from "react";
import { type Asked, nameOfSet, useCharts } from "../api/buckets";
import type { Chart, Series } from "../lib/columns";
import type { CardLook } from "../lib/layout";
import { joined, over, type Range, spanX, type Trace, traceOf } from "../lib/lines";
import type { AxisKind } from "../lib/scales";
import { closerLook, stepsOf } from "../lib/zoom";
import type { Board } from "./board";

const FEW = 12; // lines whose limits are shaded without being asked
const KINDS: Record<string, AxisKind> = { step: "step", time: "time", relative: "duration" };
export const DASHES = [[], [6, 3], [2, 3], [10, 3, 2, 3], [1, 2]];

export interface Drawn {
  traces: Trace[];
  axis: string;
  kind: AxisKind;
  isReady: boolean;
  error: Error | null;
  span: Range; // of all x
}

interface Lined {
  run: string; // or the name of a group
  label: string;
  color: string;
  dash: number;
  facet: string;
  bold: boolean;
}

interface Wanted {
  metric: string;
  look: CardLook;
  view: Range | undefined; // the x that are seen
  buckets: number;
  enabled: boolean;
}

/** Return the lines of a card. */
export function useTraces(board: Board, { metric, look, view, buckets, enabled }: Wanted): Drawn {
  const { layout, runs, ids, baseline, groups, palette } = board;
  const area = layout.area === "none" ? undefined : layout.area;
  const names = useMemo(
    () => (area && groups ? ids.map((id) => groups.get(id)?.name ?? "") : undefined),
    [area, groups, ids],
  );
  const set = useMemo(
    () => (names ? `${board.set} ${nameOfSet(names)}` : board.set),
    [board.set, names],
  );
  const axis = look.x ?? layout.x;
  const across = axis.startsWith("metric:") ? axis.slice("metric:".length) : undefined;
  const isTime = axis === "time" || axis === "relative";
  const log = look.logX ?? layout.logX;
  const more = look.more?.join("\n") ?? "";
  const asked = useMemo(() => {
    const keys = [metric, ...more.split("\n").filter(Boolean)];
    const all = across === undefined || keys.includes(across) ? keys : [...keys, across];
    return all.map(
      (key): Asked => ({
        runIds: ids,
        metric: key,
        axis: isTime ? axis : "step",
        buckets,
        groups: names,
        ranges: [undefined],
      }),
    );
  }, [metric, more, across, ids, axis, isTime, buckets, names]);
  const base = useCharts(asked, set, enabled);

  const closer = useMemo(
    () =>
      asked.map((one, at): Asked => {
        const chart = base.charts[at];
        const steps =
          across !== undefined && view
            ? stepsOf(
                base.charts[asked.findIndex((other) => other.metric === across)]?.series ?? [],
                view,
              )
            : view;
        const isLog = log && across === undefined;
        const found = chart ? closerLook(chart, steps, isLog, buckets) : { ranges: [], buckets };
        return { ...one, ...found };
      }),
    [asked, base.charts, across, view, log, buckets],
  );
  const near = useCharts(closer, set, enabled);

  const charts = useMemo(
    () =>
      base.charts.map((chart, at) =>
        chart && closer[at]?.ranges.length ? joined(chart, near.charts[at]) : chart,
      ),
    [base.charts, near.charts, closer],
  );
  const { smoothing, amount, raw, band, trend } = layout;
  const lined = useMemo((): Lined[] => {
    const colorAt = (place: number) => palette[place % palette.length] ?? "";
    if (names && groups) {
      const distinct = new Map([...groups.values()].map((group) => [group.name, group]));
      return [...distinct.values()].map(({ name, color, ...group }) => ({
        ...group,
        run: name,
        color: colorAt(color),
        bold: false,
      }));
    }
    return runs.map((run) => {
      const group = groups?.get(run.id);
      return {
        run: run.id,
        label: run.label,
        color: group && layout.color.length > 0 ? colorAt(group.color) : run.color,
        dash: group?.dash ?? 0,
        facet: group?.facet ?? "",
        bold: run.id === baseline,
      };
    });
  }, [names, groups, runs, baseline, palette, layout.color]);
  const traces = useMemo(() => {
    const drawn = asked.filter((one) => one.metric !== across || one.metric === metric);
    const acrossRuns =
      across === undefined
        ? undefined
        : seriesByRun(charts[asked.findIndex((one) => one.metric === across)]);
    const isBand =
      band === "all" || (band === "few" && amount === 0 && lined.length * drawn.length <= FEW);
    const found: Trace[] = [];
    for (const [nth, one] of drawn.entries()) {
      const byRun = seriesByRun(charts[asked.indexOf(one)]);
      const isShaded = isBand && !acrossRuns;
      const looks = { smoothing, amount, raw, band: isShaded, ...(area ? { area, trend } : {}) };
      for (const line of lined) {
        const own = byRun.get(line.run);
        const other = acrossRuns?.get(line.run);
        if (!own || (acrossRuns && !other)) continue;
        found.push(
          traceOf(other ? over(own, other) : own, looks, {
            ...line,
            id: `${line.run} ${one.metric}`,
            label: drawn.length > 1 ? `${line.label} · ${one.metric}` : line.label,
            dash: DASHES[(line.dash + nth) % DASHES.length] ?? [],
          }),
        );
      }
    }
    return found;
  }, [asked, charts, across, metric, lined, smoothing, amount, raw, band, area, trend]);
  const span = useMemo(() => spanX(traces, log), [traces, log]);
  return {
    traces,
    axis,
    kind: KINDS[axis] ?? "number",
    isReady: charts.every((chart) => chart !== undefined),
    error: base.error,
    span,
  };
}

function seriesByRun(chart: Chart | undefined): Map<string, Series> {
  return new Map((chart?.series ?? []).map((one) => [one.run, one]));
}
