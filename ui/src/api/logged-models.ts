// Logged models: those of experiments, one of them, its files, and what is done to it.
import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { quoted } from "../lib/searching";
import { address, call } from "./client";
import type { LoggedModel, ModelOrder } from "./wire";

const PAGE = 100;
const REGISTRATIONS = 1000;

/** Logged models of experiments that a filter selects, page by page. */
export function useLoggedModels(
  experimentIds: string[],
  filter: string,
  order: ModelOrder | undefined,
) {
  return useInfiniteQuery({
    queryKey: ["logged models", experimentIds, filter, order],
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam, signal }) => {
      const page = await call(
        "POST /api/2.0/mlflow/logged-models/search",
        {
          experiment_ids: experimentIds,
          max_results: PAGE,
          ...(filter ? { filter } : {}),
          ...(order ? { order_by: [order] } : {}),
          ...(pageParam ? { page_token: pageParam } : {}),
        },
        signal,
      );
      return {
        models: await withRegistrations(page.models ?? [], signal),
        next: page.next_page_token,
      };
    },
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** Return logged models with the versions that were registered of them. */
async function withRegistrations(
  models: LoggedModel[],
  signal: AbortSignal,
): Promise<LoggedModel[]> {
  if (models.length === 0) return models;
  const sources = models.flatMap(({ info }) => [
    `models:/${info?.model_id}`,
    ...(info?.artifact_uri ? [info.artifact_uri] : []),
  ]);
  const { model_versions = [] } = await call(
    "GET /api/2.0/mlflow/model-versions/search",
    {
      filter: `source_path IN (${sources.map(quoted).join(", ")})`,
      max_results: REGISTRATIONS,
      order_by: ["name ASC", "version_number ASC"],
    },
    signal,
  );
  return models.map((model) => {
    const { info } = model;
    const of = model_versions.filter(
      ({ source }) => source === `models:/${info?.model_id}` || source === info?.artifact_uri,
    );
    const registrations = of.map(({ name = "", version = "" }) => ({ name, version }));
    return { ...model, info: { ...info, registrations } };
  });
}

/** One logged model with its params and metrics. */
export function loggedModelQuery(modelId: string) {
  return queryOptions({
    queryKey: ["logged model with data", modelId],
    queryFn: async ({ signal }): Promise<LoggedModel> => {
      const { model = {} } = await call(
        "GET /api/2.0/mlflow/logged-models/{model_id}",
        { model_id: modelId },
        signal,
      );
      const [whole = model] = await withRegistrations([model], signal);
      return whole;
    },
  });
}

export interface ModelFile {
  path: string;
  size: number;
  sha256: string;
}

/** The files of a logged model as it was logged, by its manifest; none where its client wrote none. */
export function manifestQuery(modelId: string) {
  return queryOptions({
    queryKey: ["manifest", modelId],
    queryFn: async ({ signal }): Promise<ModelFile[]> => {
      const { manifest } = await call(
        "GET /api/headrace/logged-models/manifest",
        { model_id: modelId },
        signal,
      );
      const read: { files?: Record<string, [number, string]> } = JSON.parse(manifest || "{}");
      return Object.entries(read.files ?? {}).map(([path, [size, sha256]]) => ({
        path,
        size,
        sha256,
      }));
    },
  });
}

/** The files in a folder of a logged model. */
export function modelFilesQuery(modelId: string, folder: string) {
  return queryOptions({
    queryKey: ["model files", modelId, folder],
    queryFn: async ({ signal }) =>
      (
        await call(
          "GET /api/2.0/mlflow/logged-models/{model_id}/artifacts/directories",
          { model_id: modelId, ...(folder ? { artifact_directory_path: folder } : {}) },
          signal,
        )
      ).files ?? [],
  });
}

/** The address of a file of a logged model. */
export function modelFile(modelId: string, path: string): string {
  const id = encodeURIComponent(modelId);
  const words = new URLSearchParams({ artifact_file_path: path });
  return address(`/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files?${words}`);
}

/** What is done to logged models. */
export function useLoggedModelActions() {
  const client = useQueryClient();
  return useMemo(() => {
    const after = async (id: string, work: Promise<unknown>) => {
      await work;
      await client.invalidateQueries({ queryKey: ["logged model with data", id] });
      await client.invalidateQueries({ queryKey: ["logged models"] });
    };
    return {
      setTag: (id: string, key: string, value: string) =>
        after(
          id,
          call("PATCH /api/2.0/mlflow/logged-models/{model_id}/tags", {
            model_id: id,
            tags: [{ key, value }],
          }),
        ),
      removeTag: (id: string, key: string) =>
        after(
          id,
          call("DELETE /api/2.0/mlflow/logged-models/{model_id}/tags/{tag_key}", {
            model_id: id,
            tag_key: key,
          }),
        ),
    };
  }, [client]);
}
