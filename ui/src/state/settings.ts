// What a person chose for this browser: it is no part of an address.
import { useSyncExternalStore } from "react";

export interface Settings {
  theme: "system" | "light" | "dark";
  density: "compact" | "comfortable";
  palette: "standard" | "colour-blind";
  text: "small" | "usual" | "large" | "largest";
  rail: "narrow" | "wide";
}

const KEY = "headrace.settings";
const USUAL: Settings = {
  theme: "system",
  density: "compact",
  palette: "standard",
  text: "usual",
  rail: "narrow",
};
const listeners = new Set<() => void>();
let current: Settings = read();

function read(): Settings {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return USUAL;
  }
}

/** Show the settings in the document. */
export function applySettings(): void {
  const { dataset } = document.documentElement;
  if (current.theme === "system") delete dataset["theme"];
  else dataset["theme"] = current.theme;
  dataset["density"] = current.density;
  dataset["text"] = current.text;
}

/** Change some of the settings. */
export function changeSettings(changes: Partial<Settings>): void {
  current = { ...current, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // A browser that keeps nothing: the choice holds until the page is left.
  }
  applySettings();
  for (const listener of listeners) listener();
}

/** Return the settings. */
export function useSettings(): Settings {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** Return the height of a table's row in pixels, as density, the size of text and the screen make it. */
export function useRowHeight(): number {
  useSettings(); // drawn anew when they change
  const style = getComputedStyle(document.documentElement);
  return Number.parseFloat(style.getPropertyValue("--row")) * Number.parseFloat(style.fontSize);
}
