// The colours of axes as the theme has them, and when it changes.
import { useEffect, useState } from "react";
import type { Ink } from "./paint";

/** Return the colours that an element's style gives to text and lines. */
export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  return { text: style.color, line: style.borderTopColor, font: `11px ${style.fontFamily}` };
}

/** Return a number that changes with the theme. */
export function useTheme(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const changed = () => setCount((before) => before + 1);
    const media = window.matchMedia("(prefers-color-scheme: dark)");
    const watcher = new MutationObserver(changed);
    watcher.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    media.addEventListener("change", changed);
    return () => {
      watcher.disconnect();
      media.removeEventListener("change", changed);
    };
  }, []);
  return count;
}
