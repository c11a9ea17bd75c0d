// Canvases as large as their places are, on screens of any density.
import { type RefObject, useLayoutEffect, useState } from "react";

/** Return a canvas made empty, of a size on this screen. */
export function penOf(
  canvas: HTMLCanvasElement | null,
  { width, height }: { width: number; height: number },
) {
  const pen = canvas?.getContext("2d");
  if (!canvas || !pen || width === 0) return undefined;
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  // Setting a size empties a canvas too, but costs a new one.
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  } else pen.reset();
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

/** Return the size of an element, now and whenever it changes. */
export function useSize(place: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      // The same size again draws nothing again.
      setSize((before) =>
        before.width === width && before.height === height ? before : { width, height },
      );
    };
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [place]);
  return size;
}
