// How wide something is that has come near the screen: what nobody has seen is not asked for.
import { type RefObject, useLayoutEffect, useRef, useState } from "react";

/** Return where to put what is watched, and the width inside it; 0 until it has come near the screen. */
export function useSeen<T extends HTMLElement>(): [RefObject<T | null>, number] {
  const place = useRef<T>(null);
  const [width, setWidth] = useState(0);
  const seen = useRef(false);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    let now = 0;
    const tell = () => seen.current && setWidth(now);
    const sizes = new ResizeObserver((entries) => {
      now = Math.round(entries.at(-1)?.contentRect.width ?? 0);
      tell();
    });
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        seen.current = true;
        watcher.disconnect();
        tell();
      },
      { rootMargin: "200px" },
    );
    sizes.observe(element);
    watcher.observe(element);
    return () => {
      sizes.disconnect();
      watcher.disconnect();
    };
  }, []);
  return [place, width];
}
