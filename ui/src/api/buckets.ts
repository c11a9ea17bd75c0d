// Cells of metrics for charts, in columns: a tenth of JSON's size and time.
import { type Query, useQueries } from "@tanstack/react-query";
import { type Chart, decodeColumns } from "../lib/columns";
import { chained, type Range } from "../lib/lines";
import { address, ask } from "./client";

const MOST_CELLS = 4_000_000; // over all runs, in one answer of the server
const MOST_BUCKETS = 10_000;

export interface Asked {
  runIds: string[];
  metric: string;
  axis: "step" | "time" | "relative";
  buckets: number;
  groups?: string[] | undefined; // of each run the name of its group
  ranges: (Range | undefined)[]; // each in so many buckets; undefined for all there is
}

async function askChart(
  asked: Asked,
  range: Range | undefined,
  signal: AbortSignal,
): Promise<Chart> {
  const most = Math.floor(MOST_CELLS / Math.max(1, asked.runIds.length));
  const answer = await ask(address("/api/headrace/metrics/buckets"), {
    method: "POST",
    signal,
    headers: {
      "content-type": "application/json",
      accept: "application/vnd.headrace.columns",
    },
    body: JSON.stringify({
      run_ids: asked.runIds,
      metric_keys: [asked.metric],
      buckets: Math.max(1, Math.min(most, MOST_BUCKETS, Math.ceil(asked.buckets))),
      axis: asked.axis,
      ...(asked.groups ? { groups: asked.groups } : {}),
      ...(range ? { start: Math.floor(range[0]), end: Math.ceil(range[1]) } : {}),
    }),
  });
  return decodeColumns(await answer.arrayBuffer());
}

/** Return a short name of a set of runs, so that a query's key need not hold them all. */
export function nameOfSet(ids: string[]): string {
  let [one, two] = [2166136261, 5381];
  for (const id of ids) {
    for (let at = 0; at < id.length; at += 1) {
      const code = id.charCodeAt(at);
      one = Math.imul(one ^ code, 16777619);
      two = (Math.imul(two, 33) + code) | 0;
    }
    one = Math.imul(one ^ 44, 16777619);
  }
  return `${ids.length}.${(one >>> 0).toString(36)}.${(two >>> 0).toString(36)}`;
}

/** The cells of several metrics, each with its own ranges; undefined until they came. */
export function useCharts(
  asked: Asked[],
  set: string,
  enabled: boolean,
): { charts: (Chart | undefined)[]; error: Error | null } {
  return useQueries({
    queries: asked.map((one) => ({
      queryKey: [
        "buckets",
        one.metric,
        set,
        one.axis,
        one.buckets,
        one.ranges,
        Boolean(one.groups),
      ],
      enabled: enabled && one.runIds.length > 0 && one.ranges.length > 0,
      // While a range is asked for the last one stays, but not over another axis.
      placeholderData: (before: Chart | undefined, query: Query<Chart> | undefined) =>
        query?.queryKey[3] === one.axis && query.queryKey[6] === Boolean(one.groups)
          ? before
          : undefined,
      gcTime: 60_000,
      structuralSharing: false,
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const parts = await Promise.all(one.ranges.map((range) => askChart(one, range, signal)));
        return parts.length === 1 && parts[0] ? parts[0] : chained(parts);
      },
    })),
    combine: (results) => ({
      charts: results.map((one) => one.data),
      error: results.find((one) => one.error)?.error ?? null,
    }),
  });
}
