// Numbers, times and sizes as people read them.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Return the number in a value of the wire: what JSON has no number for comes as text. */
export function number(value: number | string | undefined): number {
  if (typeof value === "number") return value;
  return value === "Infinity" ? Infinity : value === "-Infinity" ? -Infinity : Number.NaN;
}

/** Return a number with its significant digits, four unless one says how many. */
export function significant(value: number, most = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return minus(String(value));
  if (size >= 1e6 || size < 1e-4) {
    const [digits = "", power = ""] = value.toExponential(most - 1).split("e");
    return minus(`${trim(digits)}e${power.replace("+", "")}`);
  }
  // Digits before the point are not cut off.
  if (size >= 10 ** most) return minus(String(Math.round(value)));
  return minus(trim(value.toPrecision(most)));
}

function trim(text: string): string {
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

function minus(text: string): string {
  return text.replaceAll("-", "−");
}

/** Return a duration in its two greatest units. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${trim((ms / 1000).toFixed(1))} s`;
  if (ms < HOUR) return pair(ms, MINUTE, "m", 1000, "s");
  if (ms < DAY) return pair(ms, HOUR, "h", MINUTE, "m");
  return pair(ms, DAY, "d", HOUR, "h");
}

function pair(ms: number, great: number, greatName: string, small: number, smallName: string) {
  const rest = Math.floor((ms % great) / small);
  const head = `${Math.floor(ms / great)} ${greatName}`;
  return rest ? `${head} ${rest} ${smallName}` : head;
}

/** Return how long ago something was. */
export function ago(time: number, now: number): string {
  const gone = now - time;
  if (gone < 10_000) return "now";
  if (gone < MINUTE) return `${Math.floor(gone / 1000)} s ago`;
  if (gone < HOUR) return `${Math.floor(gone / MINUTE)} min ago`;
  if (gone < DAY) return `${Math.floor(gone / HOUR)} h ago`;
  if (gone < 30 * DAY) return `${Math.floor(gone / DAY)} d ago`;
  return new Date(time).toISOString().slice(0, 10);
}

/** Return a size in bytes with a unit of thousands. */
export function bytes(size: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  let rest = size;
  while (rest >= 1000 && at < units.length - 1) {
    rest /= 1000;
    at += 1;
  }
  return `${at === 0 ? rest : trim(rest.toPrecision(3))} ${units[at]}`;
}

/** Return a count with its noun. */
export function count(value: number, noun: string): string {
  return `${value.toLocaleString("en")} ${noun}${value === 1 ? "" : "s"}`;
}
