// What pages ask the server, kept and asked again by TanStack Query.
import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { call } from "./client";
import type { FileInfo, Run } from "./wire";

const GROWS = 5_000; // milliseconds between questions for the files of a run that is not over

/** One run. */
export function runQuery(runId: string) {
  return queryOptions({
    queryKey: ["run", runId],
    queryFn: async ({ signal }): Promise<Run> =>
      (await call("GET /api/2.0/mlflow/runs/get", { run_id: runId }, signal)).run ?? {},
  });
}

/** The files and folders of a run in one of its folders; `grows` asks again and again. */
export function filesQuery(runId: string, path: string, grows = false) {
  return queryOptions({
    refetchInterval: grows ? GROWS : false,
    queryKey: ["files", runId, path],
    queryFn: async ({ signal }): Promise<FileInfo[]> => {
      const found: FileInfo[] = [];
      let token: string | undefined;
      do {
        const ask = {
          run_id: runId,
          ...(path ? { path } : {}),
          ...(token ? { page_token: token } : {}),
        };
        const page = await call("GET /api/2.0/mlflow/artifacts/list", ask, signal);
        found.push(...(page.files ?? []));
        token = page.next_page_token;
      } while (token);
      return found;
    },
  });
}

/** Whether each run has a file at a path, or a folder; undefined until it is known. */
export function useHolders(runIds: string[], path: string) {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return useQueries({
    queries: runIds.map((id) => filesQuery(id, folder)),
    combine: (found) =>
      new Map(
        runIds.map((id, at) => {
          const { data, error } = found[at] ?? {};
          const file = data?.find((one) => one.path === path);
          const kind = file ? (file.is_dir ? "folder" : "file") : "none";
          return [id, data || error ? kind : undefined];
        }),
      ),
  });
}

export function useFiles(runId: string, path: string, grows = false) {
  return useQuery(filesQuery(runId, path, grows));
}
