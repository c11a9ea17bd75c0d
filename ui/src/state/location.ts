// The address is the state: a path and fields after the #, as upstream's links have them.
import { useCallback, useMemo, useSyncExternalStore } from "react";

export interface Place {
  path: string;
  fields: URLSearchParams;
}

/** Return the place that a fragment names. */
export function parsePlace(hash: string): Place {
  const text = hash.replace(/^#/, "") || "/";
  const at = text.indexOf("?");
  const path = at < 0 ? text : text.slice(0, at);
  return {
    path: path.startsWith("/") ? path : `/${path}`,
    fields: new URLSearchParams(at < 0 ? "" : text.slice(at)),
  };
}

/** Return the fragment of a place. */
export function hrefOf(path: string, fields?: Record<string, string | undefined>): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(fields ?? {})) if (value) words.set(name, value);
  const text = words.toString();
  return `#${path}${text ? `?${text}` : ""}`;
}

/** Return the texts of a field that is a JSON list of them; nothing where it is none. */
export function listIn(text: string): string[] {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found.map(String) : [];
  } catch {
    return [];
  }
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

/** Return where the page is. */
export function usePlace(): Place {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parsePlace(hash), [hash]);
}

/** Go to a fragment; with `replace` the way back does not pass here. */
function go(href: string, replace = false): void {
  if (!replace) window.location.hash = href;
  else {
    window.history.replaceState(null, "", href);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  }
}

/** Return a field of the address and what changes it; the fallback is not written. */
export function useField(name: string, fallback = ""): [string, (value: string) => void] {
  const { fields } = usePlace();
  const set = useCallback(
    (value: string) => {
      const now = parsePlace(window.location.hash);
      if (value === fallback) now.fields.delete(name);
      else now.fields.set(name, value);
      go(hrefOf(now.path, Object.fromEntries(now.fields)), true);
    },
    [name, fallback],
  );
  return [fields.get(name) ?? fallback, set];
}

/** Return all fields of the address, and what changes some of them at once; empty ones go. */
export function useFields(): [URLSearchParams, (changes: Record<string, string>) => void] {
  const { fields } = usePlace();
  const set = useCallback((changes: Record<string, string>) => {
    const now = parsePlace(window.location.hash);
    for (const [name, value] of Object.entries(changes)) now.fields.set(name, value);
    go(hrefOf(now.path, Object.fromEntries(now.fields)), true);
  }, []);
  return [fields, set];
}
