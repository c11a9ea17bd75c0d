// Experiments: all of them, as they come, and what is done to them, seen at once in what was fetched.
import {
  type InfiniteData,
  type QueryClient,
  useInfiniteQuery,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { call } from "./client";
import type { Experiment, ExperimentCounts, SearchExperimentsResponse } from "./wire";

const FIRST = 500; // experiments that are there at once; the rest follows
const REST = 20_000;
const ALONE = 20; // experiments that are asked for one by one
export const NOTE = "mlflow.note.content";

type View = "ACTIVE_ONLY" | "DELETED_ONLY";
type Pages = InfiniteData<SearchExperimentsResponse>;

/** All experiments, those that changed last before the others. */
export function useExperiments(view: View = "ACTIVE_ONLY") {
  const query = useInfiniteQuery({
    queryKey: ["experiments", view],
    initialPageParam: "",
    staleTime: 30_000,
    queryFn: ({ pageParam, signal }) =>
      call(
        "POST /api/2.0/mlflow/experiments/search",
        {
          max_results: pageParam ? REST : FIRST,
          order_by: ["last_update_time DESC"],
          view_type: view,
          ...(pageParam ? { page_token: pageParam } : {}),
        },
        signal,
      ),
    getNextPageParam: (page) => page.next_page_token || undefined,
    select: (data) => data.pages.flatMap((page) => page.experiments ?? []),
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage({ cancelRefetch: false });
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  return query;
}

/** The name of one experiment, and its id until that is known. */
export function useExperimentName(id: string): string {
  const { data } = useQuery({
    queryKey: ["experiment", id],
    enabled: id !== "",
    staleTime: 30_000,
    queryFn: async ({ signal }) =>
      (await call("GET /api/2.0/mlflow/experiments/get", { experiment_id: id }, signal))
        .experiment ?? {},
  });
  return data?.name ?? id;
}

/** Runs and last activity of experiments by their id, those that come first before the others. */
export function useCounts(experiments: Experiment[] | undefined) {
  const ids = useMemo(
    () => (experiments ?? []).map((one) => one.experiment_id ?? ""),
    [experiments],
  );
  const parts = useMemo(() => {
    const found: string[][] = [];
    for (let at = 0; at < ids.length; at += at ? REST : FIRST) {
      found.push(ids.slice(at, at + (at ? REST : FIRST)));
    }
    return found;
  }, [ids]);
  const { found, isPending } = useQueries({
    queries: parts.map((part) => ({
      queryKey: ["counts", part.length, part[0], part.at(-1)],
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        (await call("POST /api/headrace/experiments/counts", { experiment_ids: part }, signal))
          .experiments ?? [],
    })),
    combine: together,
  });
  // What is known stays while the list changes and is asked about anew.
  const known = useRef<ReadonlyMap<string, ExperimentCounts>>(new Map());
  return useMemo(() => {
    const counts = new Map(known.current);
    for (const one of found) counts.set(one.experiment_id ?? "", one);
    known.current = counts;
    return { counts, isPending: isPending && counts.size === 0 };
  }, [found, isPending]);
}

interface Part {
  data: ExperimentCounts[] | undefined;
  isPending: boolean;
}

function together(parts: Part[]): { found: ExperimentCounts[]; isPending: boolean } {
  return {
    found: parts.flatMap((one) => one.data ?? []),
    isPending: parts[0]?.isPending ?? false,
  };
}

/** Ask for experiments that changed, and put each where it belongs now; not while all are asked for. */
export async function renewExperiments(client: QueryClient, ids: string[]): Promise<boolean> {
  const queryKey = ["experiments"];
  if (client.isFetching({ queryKey })) return false;
  if (
    ids.length > ALONE ||
    client.getQueryCache().findAll({ queryKey, type: "active" }).length === 0
  ) {
    await client.invalidateQueries({ queryKey });
    for (const id of ids) await client.invalidateQueries({ queryKey: ["experiment", id] });
    return true;
  }
  const found = await Promise.all(
    ids.map((id) => call("GET /api/2.0/mlflow/experiments/get", { experiment_id: id })),
  );
  for (const { experiment } of found) if (experiment) place(client, experiment);
  return true;
}

function place(client: QueryClient, one: Experiment): void {
  const id = one.experiment_id ?? "";
  client.setQueryData<Experiment>(["experiment", id], (old) => (old ? one : undefined));
  for (const view of ["ACTIVE_ONLY", "DELETED_ONLY"]) {
    const isHere = (one.lifecycle_stage === "deleted") === (view === "DELETED_ONLY");
    client.setQueryData<Pages>(["experiments", view], (data) => {
      if (!data) return undefined;
      let isNew = isHere;
      const pages = data.pages.map((page) => ({
        ...page,
        experiments: (page.experiments ?? []).flatMap((old) => {
          if (old.experiment_id !== id) return [old];
          isNew = false;
          return isHere ? [one] : [];
        }),
      }));
      const [first] = pages;
      if (first && isNew) first.experiments.unshift(one);
      return { ...data, pages };
    });
  }
}

/** Ask for the counts of experiments whose runs did something; not while all are asked for. */
export async function renewCounts(client: QueryClient, ids: string[]): Promise<boolean> {
  const queryKey = ["counts"];
  if (client.isFetching({ queryKey })) return false;
  const { experiments = [] } = await call("POST /api/headrace/experiments/counts", {
    experiment_ids: ids,
  });
  const fresh = new Map(experiments.map((one) => [one.experiment_id, one]));
  client.setQueriesData<ExperimentCounts[]>({ queryKey }, (data) =>
    data?.map((one) => fresh.get(one.experiment_id) ?? one),
  );
  return true;
}

function patch(client: QueryClient, id: string, change: (one: Experiment) => Experiment | null) {
  client.setQueriesData<Pages>({ queryKey: ["experiments"] }, (data) =>
    data
      ? {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            experiments: (page.experiments ?? []).flatMap((one) => {
              if (one.experiment_id !== id) return [one];
              const next = change(one);
              return next ? [next] : [];
            }),
          })),
        }
      : undefined,
  );
}

/** What is done to experiments. */
export function useExperimentActions() {
  const client = useQueryClient();
  return useMemo(() => {
    // What was done before one fails is done: it is seen too.
    const move = async (ids: string[], to: View, one: (id: string) => Promise<unknown>) => {
      try {
        for (const id of ids) {
          await one(id);
          patch(client, id, () => null);
        }
      } finally {
        await client.invalidateQueries({ queryKey: ["experiments", to] });
      }
    };
    return {
      create: async (name: string, tags: { key: string; value: string }[]): Promise<string> => {
        const { experiment_id = "" } = await call("POST /api/2.0/mlflow/experiments/create", {
          name,
          ...(tags.length > 0 ? { tags } : {}),
        });
        await client.invalidateQueries({ queryKey: ["experiments"] });
        return experiment_id;
      },
      rename: async (id: string, name: string) => {
        await call("POST /api/2.0/mlflow/experiments/update", {
          experiment_id: id,
          new_name: name,
        });
        patch(client, id, (one) => ({ ...one, name }));
        await client.invalidateQueries({ queryKey: ["experiment", id] });
      },
      archive: (ids: string[]) =>
        move(ids, "DELETED_ONLY", (id) =>
          call("POST /api/2.0/mlflow/experiments/delete", { experiment_id: id }),
        ),
      restore: (ids: string[]) =>
        move(ids, "ACTIVE_ONLY", (id) =>
          call("POST /api/2.0/mlflow/experiments/restore", { experiment_id: id }),
        ),
      setTag: async (id: string, key: string, value: string) => {
        await call("POST /api/2.0/mlflow/experiments/set-experiment-tag", {
          experiment_id: id,
          key,
          value,
        });
        patch(client, id, (one) => ({
          ...one,
          tags: [...(one.tags ?? []).filter((tag) => tag.key !== key), { key, value }],
        }));
      },
      removeTag: async (id: string, key: string) => {
        await call("POST /api/2.0/mlflow/experiments/delete-experiment-tag", {
          experiment_id: id,
          key,
        });
        patch(client, id, (one) => ({
          ...one,
          tags: (one.tags ?? []).filter((tag) => tag.key !== key),
        }));
      },
    };
  }, [client]);
}
