// Images that were logged by key and step: what their names say.

import { byName } from "./by-name";

export interface Point {
  path: string;
  step: number;
  time: number;
}

// images/KEY+step+STEP+timestamp+TIME+ID.png, with % for + in older files and ~ for the key's /.
const NAME =
  /^images\/(.+)([+%])step\2(-?\d+(?:\.\d+)?)\2timestamp\2(\d+(?:\.\d+)?)\2[0-9a-f-]+\.(?:png|jpe?g|webp|gif)$/;

/** Return the images of each key by step; the last of a step counts. */
export function seriesOf(paths: string[]): Map<string, Point[]> {
  const found = new Map<string, Map<number, Point>>();
  for (const path of paths) {
    const parts = NAME.exec(path);
    if (!parts) continue;
    const key = (parts[1] ?? "").replaceAll(/[~#]/g, "/");
    const point = { path, step: Number(parts[3]), time: Number(parts[4]) };
    let points = found.get(key);
    if (!points) {
      points = new Map();
      found.set(key, points);
    }
    if ((points.get(point.step)?.time ?? -1) <= point.time) points.set(point.step, point);
  }
  return new Map(
    [...found]
      .sort(([a], [b]) => byName(a, b))
      .map(([key, points]) => [key, [...points.values()].sort((a, b) => a.step - b.step)]),
  );
}

/** Return the point whose step is nearest to one. */
export function nearest(points: Point[], step: number): Point | undefined {
  let best: Point | undefined;
  for (const point of points) {
    if (!best || Math.abs(point.step - step) < Math.abs(best.step - step)) best = point;
  }
  return best;
}
