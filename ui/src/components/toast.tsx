// What was done, said in passing at the edge of the page, with the way back.
import { useEffect, useState, useSyncExternalStore } from "react";

const SHOWN = 8_000; // milliseconds, longer where one looks at it or there is a way back
const SHOWN_WITH_UNDO = 15_000;
const MOST = 4;

interface Toast {
  id: number;
  text: string;
  isBad: boolean;
  undo: (() => Promise<unknown>) | undefined;
}

let toasts: readonly Toast[] = [];
let made = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function add(text: string, isBad: boolean, undo?: () => Promise<unknown>): void {
  made += 1;
  change([...toasts.slice(1 - MOST), { id: made, text, isBad, undo }]);
}

/** Say that something was done, and offer the way back. */
export function say(text: string, undo?: () => Promise<unknown>): void {
  add(text, false, undo);
}

/** Say that something went wrong. */
export function sayError(error: unknown): void {
  add(error instanceof Error ? error.message : String(error), true);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The place where they appear; once in a page. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section className="toasts" aria-label="Messages" aria-live="polite">
      {shown.map((one) => (
        <OneToast key={one.id} toast={one} />
      ))}
    </section>
  );
}

function OneToast({ toast: { id, text, isBad, undo } }: { toast: Toast }) {
  const [held, hold] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const close = () => change(toasts.filter((one) => one.id !== id));
  useEffect(() => {
    if (held) return;
    const gone = () => change(toasts.filter((one) => one.id !== id));
    const timer = window.setTimeout(gone, undo ? SHOWN_WITH_UNDO : SHOWN);
    return () => window.clearTimeout(timer);
  }, [id, held, undo]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: to look at it holds it
    <div
      className={`toast${isBad ? " bad" : ""}`}
      role={isBad ? "alert" : undefined}
      onMouseEnter={() => hold(true)}
      onMouseLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      <span className="toast-text">{text}</span>
      {undo ? (
        <button
          type="button"
          className="plain"
          disabled={undoing}
          onClick={async () => {
            setUndoing(true);
            try {
              await undo();
            } catch (error) {
              sayError(error);
            }
            close();
          }}
        >
          Undo
        </button>
      ) : null}
      <button type="button" className="plain" aria-label="Close the message" onClick={close}>
        ✕
      </button>
    </div>
  );
}
