// What is done to runs, many at a time, and to what belongs to an experiment of runs.
import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "./client";
import type { Experiment } from "./wire";

const AT_ONCE = 8; // requests on their way
const VIEW_TAG = "headrace.view.";

async function each(ids: string[], act: (id: string) => Promise<unknown>): Promise<void> {
  const rest = [...ids];
  const one = async () => {
    for (let id = rest.shift(); id !== undefined; id = rest.shift()) await act(id);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, one));
}

/** Move runs to the archive; `restoreRuns` is the way back. */
export function archiveRuns(ids: string[]): Promise<void> {
  return each(ids, (run_id) => call("POST /api/2.0/mlflow/runs/delete", { run_id }));
}

/** Take runs out of the archive. */
export function restoreRuns(ids: string[]): Promise<void> {
  return each(ids, (run_id) => call("POST /api/2.0/mlflow/runs/restore", { run_id }));
}

/** Set a tag of runs. */
export function tagRuns(ids: string[], key: string, value: string): Promise<void> {
  return each(ids, (run_id) => call("POST /api/2.0/mlflow/runs/set-tag", { run_id, key, value }));
}

/** Take a tag from runs. */
export function untagRuns(ids: string[], key: string): Promise<void> {
  return each(ids, (run_id) => call("POST /api/2.0/mlflow/runs/delete-tag", { run_id, key }));
}

/** One experiment with its tags. */
function experimentQuery(id: string) {
  return queryOptions({
    queryKey: ["experiment", id],
    queryFn: async ({ signal }): Promise<Experiment> =>
      (await call("GET /api/2.0/mlflow/experiments/get", { experiment_id: id }, signal))
        .experiment ?? {},
  });
}

/** Some experiments, by their ids. */
export function useExperimentsById(ids: string[]): Experiment[] {
  const found = useQueries({
    queries: ids.map(experimentQuery),
    combine: together,
  });
  return useMemo(() => found.flatMap((one) => one ?? []), [found]);
}

const together = (found: { data: Experiment | undefined }[]) => found.map((one) => one.data);

/** How many runs experiments have that are not archived. */
export function useRunCount(experimentIds: string[], enabled: boolean) {
  return useQuery({
    queryKey: ["runs", "count", experimentIds],
    enabled,
    queryFn: async ({ signal }): Promise<number> => {
      const found = await call(
        "POST /api/headrace/experiments/counts",
        { experiment_ids: experimentIds },
        signal,
      );
      return (found.experiments ?? []).reduce((sum, one) => sum + (one.active_runs ?? 0), 0);
    },
  });
}

/** The shared views of an experiment: their names, and the fields of an address. */
export function sharedViews(experiment: Experiment | undefined): Map<string, string> {
  return new Map(
    (experiment?.tags ?? []).flatMap(({ key, value }): [string, string][] => {
      if (!key?.startsWith(VIEW_TAG)) return [];
      try {
        const { fields }: { fields?: unknown } = JSON.parse(value ?? "");
        return typeof fields === "string" ? [[key.slice(VIEW_TAG.length), fields]] : [];
      } catch {
        return [];
      }
    }),
  );
}

/** Keep a view for all who see an experiment. */
export async function shareView(experiment_id: string, name: string, fields: string) {
  await call("POST /api/2.0/mlflow/experiments/set-experiment-tag", {
    experiment_id,
    key: VIEW_TAG + name,
    value: JSON.stringify({ fields }),
  });
}

/** Take a shared view away. */
export async function unshareView(experiment_id: string, name: string) {
  await call("POST /api/2.0/mlflow/experiments/delete-experiment-tag", {
    experiment_id,
    key: VIEW_TAG + name,
  });
}
