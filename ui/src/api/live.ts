// What happens on the server while one looks: what it touches is asked for anew.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { address } from "./client";
import { BY_ID, isRemoved, keysOf, type Topic } from "./topics";

const TOGETHER = 150; // milliseconds in which events are one
const PAUSE = 1_000; // milliseconds after an answer about some of a list until the next question
const PROMPT = 2_000; // milliseconds in which a stream begins with what was missed before
const REFUSED = 30_000; // milliseconds until a refused stream is asked for again
const KINDS = ["run", "status", "metric", "console"] as const;
const NONE: never[] = [];

interface Told {
  run_id?: string;
  metrics?: { key?: string }[];
  changed?: string[] | null;
}

/**
 * Follow experiments and topics; returns whether the connection stands. Who listens hears which runs,
 * or that it may be all. While the server refuses a stream, what is shown is asked for now and then.
 */
export function useLive(
  experimentIds: string[],
  listener?: (runIds: string[] | "all") => void,
  topics: readonly Topic[] = NONE,
): boolean {
  const client = useQueryClient();
  const [stands, setStands] = useState(false);
  const listening = useRef(listener);
  listening.current = listener;
  const words = new URLSearchParams([
    ...experimentIds.map((id) => ["experiment_id", id]),
    ...topics.map((topic) => ["topic", topic]),
  ]).toString();
  useEffect(() => {
    if (!words) return;
    const followed = new URLSearchParams(words).getAll("topic") as Topic[];
    const touched = new Set<string>();
    const runs = new Set<string>();
    const some = new Map(followed.map((topic) => [topic, new Set<string>()]));
    const asking = new Set<Topic>();
    let source: EventSource;
    let began = Date.now();
    let timer: number | undefined;
    let again: number | undefined;
    let isOver = false;
    const later = () => {
      if (!isOver) timer ??= window.setTimeout(renew, TOGETHER);
    };
    const askFor = async (topic: Topic, ids: Set<string>) => {
      asking.add(topic);
      const those = [...ids];
      ids.clear();
      try {
        if (!(await BY_ID[topic]?.(client, those))) for (const id of those) ids.add(id);
      } catch {
        touch(...keysOf(topic, null));
      }
      window.setTimeout(() => {
        asking.delete(topic);
        if (ids.size > 0) later();
      }, PAUSE);
    };
    const renew = () => {
      timer = undefined;
      if (runs.size > 0) listening.current?.([...runs]);
      runs.clear();
      for (const [topic, ids] of some) {
        if (ids.size > 0 && !asking.has(topic)) void askFor(topic, ids);
      }
      for (const text of [...touched]) {
        const queryKey: unknown[] = JSON.parse(text);
        // An answer on its way is waited for: asking anew would throw it away, again and again.
        if (client.isFetching({ queryKey })) continue;
        touched.delete(text);
        void client.invalidateQueries({ queryKey, predicate: (one) => !isRemoved(one.queryKey) });
      }
      if (touched.size > 0) later();
    };
    const touch = (...keys: unknown[][]) => {
      for (const key of keys) touched.add(JSON.stringify(key));
      later();
    };
    const touchAll = () => {
      touch(...followed.flatMap((topic) => keysOf(topic, null)));
    };
    const hear = (topic: Topic, changed: string[] | null) => {
      if (!changed || !BY_ID[topic]) touch(...keysOf(topic, changed));
      else for (const id of changed) some.get(topic)?.add(id);
      later();
    };
    const open = () => {
      source = new EventSource(address(`/api/headrace/live?${words}`));
      for (const kind of KINDS) {
        source.addEventListener(kind, (event: MessageEvent<string>) => {
          const told: Told = JSON.parse(event.data);
          if (kind === "console") touch(["console", told.run_id]);
          else if (told.run_id) runs.add(told.run_id);
          if (kind !== "console") touch(["runs"], ["run", told.run_id]);
          for (const { key } of told.metrics ?? []) touch(["buckets", key]);
          if (kind === "metric") touch(...keysOf("logged_models", null));
        });
      }
      for (const topic of followed) {
        source.addEventListener(topic, (event: MessageEvent<string>) => {
          const told: Told = JSON.parse(event.data);
          hear(topic, told.changed ?? null);
        });
      }
      source.addEventListener("reset", readAnew);
      source.onopen = () => {
        setStands(true);
        if (Date.now() - began > PROMPT) touchAll();
      };
      source.onerror = () => {
        setStands(false);
        began = 0;
        if (source.readyState !== EventSource.CLOSED) return; // it comes back by itself
        again = window.setTimeout(() => {
          readAnew();
          open();
        }, REFUSED);
      };
    };
    const readAnew = () => {
      touch([]);
      listening.current?.("all");
    };
    open();
    return () => {
      isOver = true;
      source.close();
      window.clearTimeout(timer);
      window.clearTimeout(again);
    };
  }, [words, client]);
  return stands;
}
