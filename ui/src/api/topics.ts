// What the server says changed in lists: which answers that makes old.
import type { QueryClient } from "@tanstack/react-query";
import { renewCounts, renewExperiments } from "./experiments";

export type Topic = "experiments" | "activity" | "models" | "logged_models";

const LOGGED = [["logged models"], ["logged model with data"]];
const OF_MODEL = ["model", "versions", "version", "history"];
const ALL: Record<Topic, unknown[][]> = {
  experiments: [["experiments"], ["experiment"]],
  activity: [["counts"]],
  models: [["models"], ...OF_MODEL.map((key) => [key]), ...LOGGED],
  logged_models: LOGGED,
};
const removed = new Set<string>(); // models and versions that this page removes: nobody asks for them

/** Return the keys of answers that may be old when some things have changed; null for anything. */
export function keysOf(topic: Topic, changed: string[] | null): unknown[][] {
  if (topic !== "models" || !changed) return ALL[topic];
  return [["models"], ...LOGGED, ...changed.flatMap((name) => OF_MODEL.map((key) => [key, name]))];
}

/** Return whether an answer is asked for no more, because this page removed what it is about. */
export function isRemoved([kind, name, version]: readonly unknown[]): boolean {
  if (typeof kind !== "string" || !OF_MODEL.includes(kind)) return false;
  return removed.has(String(name)) || removed.has(`${name}/${version}`);
}

/** Remove a model or, by its number, a version, so that what is told of it is not asked for. */
export async function removing<T>(name: string, work: () => Promise<T>): Promise<T> {
  removed.add(name);
  try {
    return await work();
  } catch (error) {
    removed.delete(name);
    throw error;
  }
}

/** Say that a model is there, whatever was removed before. */
export function isThere(name: string): void {
  removed.delete(name);
}

type Renew = (client: QueryClient, ids: string[]) => Promise<boolean>;

/** How some of a list are asked for by themselves; the answer says whether that was done. */
export const BY_ID: Partial<Record<Topic, Renew>> = {
  experiments: renewExperiments,
  activity: renewCounts,
};
