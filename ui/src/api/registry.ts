// The registry: models, their versions and aliases, and what is done to them.
import {
  keepPreviousData,
  queryOptions,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { quoted } from "../lib/searching";
import { ApiError, address, ask, call } from "./client";
import { isThere, removing } from "./topics";
import type { ModelVersion } from "./wire";

const PAGE = 100;
const VERSIONS = 500;
const COUNTED = 5_000; // versions that are fetched to count those of a page of models
const LONGEST = 2_000_000; // bytes of a text that is read here

/** Registered models that a filter selects, page by page. */
export function useRegisteredModels(filter: string, order: string) {
  return useInfiniteQuery({
    queryKey: ["models", filter, order],
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam, signal }) => {
      const page = await call(
        "GET /api/2.0/mlflow/registered-models/search",
        {
          max_results: PAGE,
          ...(filter ? { filter } : {}),
          ...(order ? { order_by: [order] } : {}),
          ...(pageParam ? { page_token: pageParam } : {}),
        },
        signal,
      );
      const models = page.registered_models ?? [];
      return {
        models,
        counts: await countsOf(
          models.map((one) => one.name ?? ""),
          signal,
        ),
        next: page.next_page_token,
      };
    },
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** Return how many versions models have; nothing where that would be too many to fetch. */
async function countsOf(names: string[], signal: AbortSignal): Promise<Map<string, number>> {
  const counts = new Map(names.map((name) => [name, 0]));
  if (names.length === 0) return counts;
  const page = await call(
    "GET /api/2.0/mlflow/model-versions/search",
    { filter: `name IN (${names.map(quoted).join(", ")})`, max_results: COUNTED },
    signal,
  );
  if (page.next_page_token) return new Map();
  for (const { name = "" } of page.model_versions ?? []) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Return an answer without what it was about once that is gone. */
export function there<T>(query: UseQueryResult<T>) {
  const { data, error, refetch } = query;
  const isGone = error instanceof ApiError && error.status === 404;
  return { data: isGone ? undefined : data, error, refetch };
}

/** One registered model. */
export function registeredModelQuery(name: string) {
  return queryOptions({
    queryKey: ["model", name],
    queryFn: async ({ signal }) =>
      (await call("GET /api/2.0/mlflow/registered-models/get", { name }, signal))
        .registered_model ?? {},
  });
}

/** The versions of a model, the newest first, page by page. */
export function useVersions(name: string) {
  return useInfiniteQuery({
    queryKey: ["versions", name],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      call(
        "GET /api/2.0/mlflow/model-versions/search",
        {
          filter: `name = ${quoted(name)}`,
          max_results: VERSIONS,
          order_by: ["version_number DESC"],
          ...(pageParam ? { page_token: pageParam } : {}),
        },
        signal,
      ),
    getNextPageParam: (page) => page.next_page_token || undefined,
  });
}

/** One version of a model. */
export function versionQuery(name: string, version: string) {
  return queryOptions({
    queryKey: ["version", name, version],
    queryFn: async ({ signal }): Promise<ModelVersion> =>
      (await call("GET /api/2.0/mlflow/model-versions/get", { name, version }, signal))
        .model_version ?? {},
  });
}

/** What is known of the files of a version. */
export function evidenceQuery(name: string, version: string) {
  return queryOptions({
    queryKey: ["evidence", name, version],
    queryFn: ({ signal }) =>
      call("GET /api/headrace/model-versions/evidence", { name, version }, signal),
  });
}

/** What the alias of a model meant at a time; undefined where it meant nothing. */
export function useAliasAt(name: string, alias: string, timeMs: number | undefined) {
  return useQuery({
    queryKey: ["history", name, alias, timeMs],
    enabled: alias !== "" && timeMs !== undefined,
    retry: false,
    queryFn: async ({ signal }) =>
      (
        await call(
          "GET /api/headrace/registered-models/alias-at",
          { name, alias, ...(timeMs === undefined ? {} : { time_ms: timeMs }) },
          signal,
        )
      ).model_version ?? {},
  });
}

/** The address of a file of a version. */
export function versionFile(name: string, version: string, path: string): string {
  return address(`/model-versions/get-artifact?${new URLSearchParams({ name, version, path })}`);
}

/** A text at an address of the server, its beginning where it is long. */
export function textQuery(url: string) {
  return queryOptions({
    queryKey: ["text", url],
    retry: false,
    staleTime: 60_000,
    queryFn: async ({ signal }) =>
      (await ask(url, { signal, headers: { range: `bytes=0-${LONGEST - 1}` } })).text(),
  });
}

/** What is done to registered models and their versions. */
export function useRegistryActions() {
  const client = useQueryClient();
  return useMemo(() => {
    const renew = async (name: string) => {
      const keys = [
        ["models"],
        ["logged models"],
        ["logged model with data"],
        ["model", name],
        ["versions", name],
        ["version", name],
      ];
      for (const queryKey of [...keys, ["history", name]]) {
        await client.invalidateQueries({ queryKey });
      }
    };
    const after = async <T>(name: string, work: Promise<T>): Promise<T> => {
      const done = await work;
      await renew(name);
      return done;
    };
    const models = "/api/2.0/mlflow/registered-models" as const;
    const versions = "/api/2.0/mlflow/model-versions" as const;
    return {
      create: (name: string, description: string) => {
        isThere(name);
        return after(
          name,
          call(`POST ${models}/create`, { name, ...(description ? { description } : {}) }),
        );
      },
      rename: async (name: string, next: string) => {
        isThere(next);
        await removing(name, () => call(`POST ${models}/rename`, { name, new_name: next }));
        await client.invalidateQueries({ queryKey: ["models"] });
      },
      remove: async (name: string) => {
        await removing(name, () => call(`DELETE ${models}/delete`, { name }));
        await client.invalidateQueries({ queryKey: ["models"] });
      },
      describe: (name: string, description: string) =>
        after(name, call(`PATCH ${models}/update`, { name, description })),
      setTag: (name: string, key: string, value: string) =>
        after(name, call(`POST ${models}/set-tag`, { name, key, value })),
      removeTag: (name: string, key: string) =>
        after(name, call(`DELETE ${models}/delete-tag`, { name, key })),
      setAlias: (name: string, alias: string, version: string) =>
        after(name, call(`POST ${models}/alias`, { name, alias, version })),
      removeAlias: (name: string, alias: string) =>
        after(name, call(`DELETE ${models}/alias`, { name, alias })),
      register: (name: string, source: string, modelId: string, runId: string | undefined) =>
        after(
          name,
          call(`POST ${versions}/create`, {
            name,
            source,
            model_id: modelId,
            ...(runId ? { run_id: runId } : {}),
          }),
        ),
      removeVersion: async (name: string, version: string) => {
        await removing(`${name}/${version}`, () =>
          call(`DELETE ${versions}/delete`, { name, version }),
        );
        // Its own page is still there: it is not asked for what is gone.
        for (const key of ["models", "model", "versions", "history"]) {
          await client.invalidateQueries({
            queryKey: key === "models" ? [key] : [key, name],
          });
        }
      },
      describeVersion: (name: string, version: string, description: string) =>
        after(name, call(`PATCH ${versions}/update`, { name, version, description })),
      setVersionTag: (name: string, version: string, key: string, value: string) =>
        after(name, call(`POST ${versions}/set-tag`, { name, version, key, value })),
      removeVersionTag: (name: string, version: string, key: string) =>
        after(name, call(`DELETE ${versions}/delete-tag`, { name, version, key })),
    };
  }, [client]);
}
