// Whether the server answers: every request says so, and while it does not, its health is asked.
import { useSyncExternalStore } from "react";

const FIRST = 1_000; // milliseconds until it is asked again, twice as long each time
const LONGEST = 10_000;

let isThere = true;
let isKnown = true; // whether the server knows who asks
let wait = FIRST;
let timer: number | undefined;
let health = "";
const listeners = new Set<() => void>();

function change(next: boolean): void {
  if (next === isThere) return;
  isThere = next;
  for (const listener of listeners) listener();
}

/** Say that the server answered. */
export function serverAnswered(): void {
  window.clearTimeout(timer);
  timer = undefined;
  wait = FIRST;
  change(true);
}

/** Say that the server did not answer; its health is asked until it does. */
export function serverLost(healthAddress: string): void {
  health = healthAddress;
  change(false);
  timer ??= window.setTimeout(tryAgain, wait);
}

/** Say whether the server knows who asks. */
export function knownToServer(next: boolean): void {
  if (next === isKnown) return;
  isKnown = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Return whether the server knows who asks. */
export function useKnown(): boolean {
  return useSyncExternalStore(subscribe, () => isKnown);
}

/** Ask now whether the server is there. */
export async function tryAgain(): Promise<void> {
  window.clearTimeout(timer);
  timer = undefined;
  try {
    if ((await fetch(health, { cache: "no-store" })).ok) {
      serverAnswered();
      return;
    }
  } catch {
    // Still away.
  }
  wait = Math.min(LONGEST, wait * 2);
  timer ??= window.setTimeout(tryAgain, wait);
}

/** Return whether the server answers. */
export function useConnection(): boolean {
  return useSyncExternalStore(subscribe, () => isThere);
}
