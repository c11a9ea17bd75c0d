// Keys, values and groups of runs: what lists and lines complete themselves with.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FieldKind, fieldText } from "../lib/filter";
import { number } from "../lib/format";
import type { Leaf, Stats } from "../lib/groups";
import { rowsOfPage } from "../lib/run-rows";
import type { Column, Row } from "../lib/runset";
import { call } from "./client";
import type { Ask } from "./run-set";

const SHOWN = 200; // keys in a list that people read
const VALUES = 50;

export interface Key {
  kind: "metrics" | "params" | "tags";
  key: string;
  isCurve: boolean;
}

const KINDS: Record<string, Key["kind"]> = {
  metric: "metrics",
  metrics: "metrics",
  param: "params",
  parameter: "params",
  params: "params",
  tag: "tags",
  tags: "tags",
};

/** Keys of runs that contain a text, and how many there are. */
export function useKeys(
  experimentIds: string[],
  contains: string,
  {
    kind,
    enabled = true,
    most = SHOWN,
  }: { kind?: FieldKind | undefined; enabled?: boolean; most?: number } = {},
) {
  return useQuery({
    queryKey: ["keys", experimentIds, kind ?? "", contains, most],
    enabled,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<{ keys: Key[]; total: number; isAll: boolean }> => {
      const found = await call(
        "POST /api/headrace/runs/keys",
        {
          experiment_ids: experimentIds,
          max_results: most,
          ...(contains ? { contains } : {}),
          ...(kind ? { kind } : {}),
        },
        signal,
      );
      const keys = (found.keys ?? []).flatMap((one): Key[] => {
        const of = KINDS[one.kind ?? ""];
        return of ? [{ kind: of, key: one.key ?? "", isCurve: one.is_curve ?? false }] : [];
      });
      return { keys, total: found.total ?? keys.length, isAll: !found.next_page_token };
    },
  });
}

/** The values that runs have in a param, a tag or an attribute, the most frequent first. */
export function useValues(experimentIds: string[], column: Column | undefined) {
  return useQuery({
    queryKey: ["values", experimentIds, column?.id],
    enabled: column !== undefined,
    staleTime: 30_000,
    queryFn: async ({ signal }): Promise<string[]> => {
      const found = await call(
        "POST /api/headrace/runs/groups",
        {
          experiment_ids: experimentIds,
          group_by: column ? [fieldOf(column)] : [],
          max_results: VALUES,
        },
        signal,
      );
      return (found.groups ?? []).flatMap((one) => one.values?.[0] ?? []);
    },
  });
}

const fieldOf = ({ kind, key }: Column) => fieldText({ kind, key });

/** Groups of the runs that match, with statistics of metrics. */
export function useGroups(ask: Ask, by: Column[], metrics: string[]) {
  return useQuery({
    queryKey: ["runs", "groups", ask.experimentIds, ask.filter, ask.view, by, metrics],
    enabled: by.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Leaf[]> => {
      const found = await call(
        "POST /api/headrace/runs/groups",
        {
          experiment_ids: ask.experimentIds,
          run_view_type: ask.view,
          group_by: by.map(fieldOf),
          metrics: metrics.slice(0, 16), // what the server takes
          max_results: 10_000,
          ...(ask.filter ? { filter: ask.filter } : {}),
        },
        signal,
      );
      return (found.groups ?? []).map((group) => ({
        values: by.map((_, at) => (group.values?.[at] as string | null) ?? undefined),
        runs: group.runs ?? 0,
        stats: new Map(
          (group.metrics ?? []).flatMap((one): [string, Stats][] =>
            one.count
              ? [
                  [
                    one.key ?? "",
                    {
                      count: one.count,
                      mean: number(one.mean),
                      min: number(one.min),
                      max: number(one.max),
                      std: one.std === undefined ? 0 : number(one.std),
                    },
                  ],
                ]
              : [],
          ),
        ),
      }));
    },
  });
}

/** Runs by their ids with some columns, in the order of the ids, archived or not. */
export function useRunsById(experimentIds: string[], ids: string[], columns: Column[]) {
  return useQuery({
    queryKey: ["runs", "by id", experimentIds, ids, columns.map((one) => one.id)],
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Row[]> => {
      const list = ids.map((id) => `'${id.replaceAll("'", "''")}'`).join(", ");
      const page = await call(
        "POST /api/headrace/runs/table",
        {
          experiment_ids: experimentIds,
          run_view_type: "ALL",
          filter: `attributes.run_id IN (${list})`,
          columns: columns.filter((one) => one.kind !== "attributes").map((one) => one.id),
          max_results: ids.length,
        },
        signal,
      );
      const rows = new Map(rowsOfPage(page).map((row) => [row.id, row]));
      return ids.flatMap((id) => rows.get(id) ?? []);
    },
  });
}
