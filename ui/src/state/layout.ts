// The layout of the charts: in the address, with a way back and forth through its changes.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { formatLayout, type Layout, parseLayout } from "../lib/layout";
import { useField } from "./location";

const SETTLED = 150; // milliseconds until a change stands in the address: a browser takes few a second
const DRAGGED = new Set(["amount", "sizes"]); // what changes many times before one lets go
const TOGETHER = 800; // milliseconds in which changes of such a thing are one step back
const STEPS = 200;

export interface LayoutState {
  layout: Layout;
  change: (changes: Partial<Layout>) => void;
  undo: (() => void) | undefined;
  redo: (() => void) | undefined;
}

/** Return the layout in the address and what changes it. */
export function useLayout(): LayoutState {
  const [written, write] = useField("layout");
  const [draft, setDraft] = useState<string>();
  // Kept beside the renders: two keys pressed within one must each see what the other did.
  const steps = useRef({ past: [] as string[], future: [] as string[] });
  const [, redraw] = useState(0);
  const last = useRef({ of: "", at: 0 });
  const timer = useRef<number>(undefined);
  const text = draft ?? written;
  const now = useRef(text);
  now.current = text;
  const layout = useMemo(() => parseLayout(text), [text]);

  const put = useCallback(
    (next: string) => {
      now.current = next;
      setDraft(next);
      redraw((count) => count + 1);
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => {
        write(next);
        setDraft(undefined);
      }, SETTLED);
    },
    [write],
  );
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const change = useCallback(
    (changes: Partial<Layout>) => {
      const before = now.current;
      const next = formatLayout({ ...parseLayout(before), ...changes });
      if (next === before) return;
      const of = Object.keys(changes).join();
      const at = performance.now();
      const isOneStep =
        DRAGGED.has(of) && last.current.of === of && at - last.current.at < TOGETHER;
      last.current = { of, at };
      const { past } = steps.current;
      steps.current = { past: isOneStep ? past : [...past.slice(-STEPS), before], future: [] };
      put(next);
    },
    [put],
  );
  const undo = useCallback(() => {
    const { past, future } = steps.current;
    const before = past.at(-1);
    if (before === undefined) return;
    steps.current = { past: past.slice(0, -1), future: [...future, now.current] };
    last.current = { of: "", at: 0 };
    put(before);
  }, [put]);
  const redo = useCallback(() => {
    const { past, future } = steps.current;
    const after = future.at(-1);
    if (after === undefined) return;
    steps.current = { past: [...past, now.current], future: future.slice(0, -1) };
    last.current = { of: "", at: 0 };
    put(after);
  }, [put]);

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { target } = event;
      const isWriting =
        target instanceof HTMLTextAreaElement ||
        (target instanceof HTMLInputElement && !["range", "checkbox"].includes(target.type));
      if (isWriting || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const isBack = key === "z" && !event.shiftKey;
      if (!isBack && key !== "y" && key !== "z") return;
      event.preventDefault();
      if (isBack) undo();
      else redo();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [undo, redo]);

  return {
    layout,
    change,
    undo: steps.current.past.length ? undo : undefined,
    redo: steps.current.future.length ? redo : undefined,
  };
}
