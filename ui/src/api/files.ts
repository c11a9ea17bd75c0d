// Files of runs and models: lists, parts of them, and signed addresses to show them at.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ApiError, address, ask } from "./client";

export interface Source {
  runId?: string;
  modelId?: string;
  path: string;
}

export interface Part {
  bytes: Uint8Array<ArrayBuffer>;
  start: number;
  total: number;
}

const NOT_SATISFIABLE = 416;

/** Return the address of a file as it is. */
export function fileAddress({ runId, modelId, path }: Source): string {
  if (modelId) {
    const words = new URLSearchParams({ artifact_file_path: path });
    const id = encodeURIComponent(modelId);
    return address(`/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files?${words}`);
  }
  return address(`/get-artifact?${new URLSearchParams({ run_uuid: runId ?? "", path })}`);
}

/** Return a part of a file; of an empty one nothing. */
export async function fetchPart(
  source: Source,
  start: number,
  length: number,
  signal?: AbortSignal,
): Promise<Part> {
  const range = start < 0 ? `bytes=${start}` : `bytes=${start}-${start + length - 1}`;
  try {
    const init = { headers: { range }, ...(signal ? { signal } : {}) };
    const answer = await ask(fileAddress(source), init);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const said = /bytes (\d+)-\d+\/(\d+)/.exec(answer.headers.get("content-range") ?? "");
    return said
      ? { bytes, start: Number(said[1]), total: Number(said[2]) }
      : { bytes, start: 0, total: bytes.length };
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_SATISFIABLE) {
      return { bytes: new Uint8Array(), start: Math.max(0, start), total: Math.max(0, start) };
    }
    throw error;
  }
}

const keyOf = ({ runId, modelId, path }: Source) => [runId ?? modelId, path];

/** The beginning of a file, and more of it when it is asked for. */
export function useParts(source: Source, length: number) {
  return useInfiniteQuery({
    queryKey: ["parts", ...keyOf(source), length],
    staleTime: 60_000,
    structuralSharing: false,
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => fetchPart(source, pageParam, length, signal),
    getNextPageParam: (part) => {
      const end = part.start + part.bytes.length;
      return end < part.total ? end : undefined;
    },
  });
}

/** A whole file, if it is no longer than a limit; undefined otherwise. */
export function useWhole(source: Source, most: number) {
  return useQuery({
    queryKey: ["whole", ...keyOf(source), most],
    staleTime: 60_000,
    structuralSharing: false,
    queryFn: async ({ signal }): Promise<string | null> => {
      const part = await fetchPart(source, 0, most, signal);
      return part.bytes.length < part.total ? null : new TextDecoder().decode(part.bytes);
    },
  });
}

/** An address at which a file can be shown, apart from the page; it holds for minutes. */
export function usePreview(source: Source, enabled: boolean) {
  return useQuery({
    queryKey: ["preview", ...keyOf(source)],
    enabled,
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<string> => {
      const { runId, modelId, path } = source;
      const answer = await ask(address("/api/headrace/artifacts/previews"), {
        method: "POST",
        body: JSON.stringify({ ...(modelId ? { model_id: modelId } : { run_id: runId }), path }),
        headers: { "content-type": "application/json" },
        signal,
      });
      return (await answer.json()).url;
    },
  });
}
