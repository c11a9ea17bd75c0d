// What a run wrote, from its end: earlier pieces are fetched when they are asked for.
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { call } from "./client";
import type { ConsoleChunk } from "./wire";

const CHUNKS = 1000; // of a page

export interface Written {
  chunks: ConsoleChunk[];
  after: number; // where to go on
  before: number; // where earlier pieces end; 0 where there are none
  dropped: number;
}

const keyOf = (runId: string) => ["console", runId];

/** What a run wrote last; asked again, only what is new is fetched. */
export function useConsole(runId: string) {
  return useQuery({
    queryKey: keyOf(runId),
    structuralSharing: false,
    queryFn: async ({ client, signal }): Promise<Written> => {
      let found = client.getQueryData<Written>(keyOf(runId)) ?? (await last(runId, 0, signal));
      for (;;) {
        const ask = { run_id: runId, after: found.after, max_results: CHUNKS };
        const page = await call("GET /api/headrace/runs/console", ask, signal);
        const chunks = page.chunks ?? [];
        const after = page.next_position ?? found.after;
        found = { ...found, after, chunks: joined(found.chunks, chunks) };
        if (chunks.length < CHUNKS) return found;
      }
    },
  });
}

/** Return what fetches earlier pieces, a page or all of them. */
export function useEarlier(runId: string): (all: boolean) => Promise<ConsoleChunk[]> {
  const client = useQueryClient();
  return useCallback((all) => fetchEarlier(client, runId, all), [client, runId]);
}

async function fetchEarlier(
  client: QueryClient,
  runId: string,
  all: boolean,
): Promise<ConsoleChunk[]> {
  for (;;) {
    const known = client.getQueryData<Written>(keyOf(runId));
    if (!known || known.before === 0) return known?.chunks ?? [];
    const page = await last(runId, known.before);
    client.setQueryData<Written>(keyOf(runId), (now) =>
      now ? { ...now, chunks: joined(page.chunks, now.chunks), before: page.before } : now,
    );
    if (!all) return client.getQueryData<Written>(keyOf(runId))?.chunks ?? [];
  }
}

async function last(runId: string, before: number, signal?: AbortSignal): Promise<Written> {
  const ask = { run_id: runId, before, max_results: CHUNKS };
  const page = await call("GET /api/headrace/runs/console", ask, signal);
  return {
    chunks: page.chunks ?? [],
    after: page.next_position ?? 0,
    before: page.first_position ?? 0,
    dropped: page.dropped ?? 0,
  };
}

/** Return pieces one after the other; one that came again, longer, takes the place of the old. */
function joined(old: ConsoleChunk[], more: ConsoleChunk[]): ConsoleChunk[] {
  if (more.length === 0) return old;
  const again = new Set(more.map(nameOf));
  const first = old.findIndex((one) => again.has(nameOf(one)));
  return [...(first < 0 ? old : old.filter((one) => !again.has(nameOf(one)))), ...more];
}

function nameOf({ stream, sequence }: ConsoleChunk): string {
  return `${stream} ${sequence}`;
}
