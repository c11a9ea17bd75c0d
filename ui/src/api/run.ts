// One run, as its page asks for it: what is beside its values, and what changes it.
import {
  keepPreviousData,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { bytesOf, textOf } from "../lib/base64";
import { call } from "./client";
import type { MetricBucket } from "./wire";

const FAMILY = 100; // children that are asked for
const NAMED = 60; // runs that a list offers
const BEAT = 5_000; // milliseconds between questions for a sign of life

/** The documents that the client kept with a run: its environment, the uncommitted changes. */
export function documentsQuery(runId: string) {
  return queryOptions({
    queryKey: ["documents", runId],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const fields = { run_id: runId };
      const { names = [] } = await call("GET /api/headrace/runs/documents", fields, signal);
      const found = await Promise.all(
        names.map(async (name) => {
          const ask = { run_id: runId, name };
          const { document } = await call("GET /api/headrace/runs/document", ask, signal);
          return [name, textOf(bytesOf(document?.content ?? ""))] as const;
        }),
      );
      return new Map(found);
    },
  });
}

/** When a run that is not over was last heard of. */
export function useLiveness(runId: string, isOpen: boolean) {
  return useQuery({
    queryKey: ["liveness", runId],
    enabled: isOpen,
    refetchInterval: BEAT,
    queryFn: async ({ signal }) =>
      (await call("POST /api/headrace/runs/liveness", { run_ids: [runId] }, signal)).runs?.[0] ??
      {},
  });
}

/** Least, greatest and number of the points of metrics of a run, by key. */
export function useExtremes(runId: string, keys: string[]) {
  return useQuery({
    queryKey: ["run", runId, "extremes", keys],
    enabled: keys.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Map<string, MetricBucket>> => {
      const ask = { run_ids: [runId], metric_keys: keys, buckets: 1, axis: "step" };
      const { series = [] } = await call("POST /api/headrace/metrics/buckets", ask, signal);
      return new Map(
        series.flatMap((one): [string, MetricBucket][] => {
          const bucket = one.buckets?.[0];
          return bucket ? [[one.metric_key ?? "", bucket]] : [];
        }),
      );
    },
  });
}

/** The runs that name a run their parent. */
export function useChildren(experimentId: string, runId: string) {
  return useQuery({
    queryKey: ["runs", [experimentId], "children", runId],
    queryFn: ({ signal }) =>
      call(
        "POST /api/2.0/mlflow/runs/search",
        {
          experiment_ids: [experimentId],
          filter: `tags.\`mlflow.parentRunId\` = '${runId.replaceAll("'", "")}'`,
          max_results: FAMILY,
          order_by: ["start_time ASC"],
        },
        signal,
      ),
  });
}

/** Runs whose name has a text in it, the newest first. */
export function namedRunsQuery(experimentIds: string[], text: string) {
  const words = text.replaceAll(/['"%\\]/g, "").trim();
  return queryOptions({
    queryKey: ["runs", experimentIds, "named", words],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const ask = {
        experiment_ids: experimentIds,
        max_results: NAMED,
        order_by: ["start_time DESC"],
        ...(words ? { filter: `attributes.run_name ILIKE '%${words}%'` } : {}),
      };
      return (await call("POST /api/2.0/mlflow/runs/search", ask, signal)).runs ?? [];
    },
  });
}

type Change =
  | { kind: "rename"; name: string }
  | { kind: "tag"; key: string; value: string }
  | { kind: "untag"; key: string }
  | { kind: "archive" }
  | { kind: "restore" };

/** What changes a run; all that shows it is asked for anew. */
export function useChange(runId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (change: Change): Promise<void> => {
      const run_id = runId;
      if (change.kind === "rename") {
        await call("POST /api/2.0/mlflow/runs/update", { run_id, run_name: change.name });
      } else if (change.kind === "tag") {
        const { key, value } = change;
        await call("POST /api/2.0/mlflow/runs/set-tag", { run_id, key, value });
      } else if (change.kind === "untag") {
        await call("POST /api/2.0/mlflow/runs/delete-tag", { run_id, key: change.key });
      } else if (change.kind === "archive") {
        await call("POST /api/2.0/mlflow/runs/delete", { run_id });
      } else {
        await call("POST /api/2.0/mlflow/runs/restore", { run_id });
      }
    },
    onSettled: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ["run", runId] }),
        client.invalidateQueries({ queryKey: ["runs"] }),
      ]);
    },
  });
}
