// What happens on the server while one looks: what it touches is asked for anew.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { address } from "./client";

const TOGETHER = 150; // milliseconds in which events are one
const KINDS = ["run", "status", "metric", "console"] as const;

interface Told {
  run_id?: string;
  metrics?: { key?: string }[];
}

/** Follow experiments; returns whether the connection stands. Who listens hears which runs, or that it may be all. */
export function useLive(
  experimentIds: string[],
  listener?: (runIds: string[] | "all") => void,
): boolean {
  const client = useQueryClient();
  const [stands, setStands] = useState(false);
  const ids = experimentIds.join(",");
  const listening = useRef(listener);
  listening.current = listener;
  useEffect(() => {
    if (!ids) return;
    const words = new URLSearchParams(ids.split(",").map((id) => ["experiment_id", id]));
    const source = new EventSource(address(`/api/headrace/live?${words}`));
    const touched = new Set<string>();
    const runs = new Set<string>();
    let timer: number | undefined;
    const renew = () => {
      timer = undefined;
      if (runs.size > 0) listening.current?.([...runs]);
      runs.clear();
      for (const text of [...touched]) {
        const queryKey: unknown[] = JSON.parse(text);
        // An answer on its way is waited for: asking anew would throw it away, again and again.
        if (client.isFetching({ queryKey })) continue;
        touched.delete(text);
        void client.invalidateQueries({ queryKey });
      }
      if (touched.size > 0) timer = window.setTimeout(renew, TOGETHER);
    };
    const touch = (...keys: unknown[][]) => {
      for (const key of keys) touched.add(JSON.stringify(key));
      timer ??= window.setTimeout(renew, TOGETHER);
    };
    for (const kind of KINDS) {
      source.addEventListener(kind, (event: MessageEvent<string>) => {
        const told: Told = JSON.parse(event.data);
        if (kind === "console") touch(["console", told.run_id]);
        else if (told.run_id) runs.add(told.run_id);
        if (kind !== "console") touch(["runs"], ["run", told.run_id]);
        for (const { key } of told.metrics ?? []) touch(["buckets", key]);
      });
    }
    source.addEventListener("reset", () => {
      touch([]);
      listening.current?.("all");
    });
    source.onopen = () => setStands(true);
    source.onerror = () => setStands(false);
    return () => {
      source.close();
      window.clearTimeout(timer);
    };
  }, [ids, client]);
  return stands;
}
