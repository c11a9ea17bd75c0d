// The numbers that a chart shows, as CSV.
import type { Range, Trace } from "./lines";

/** Return lines as CSV: one row for each point that is drawn. */
export function csvOf(traces: Trace[], view: Range | undefined): string {
  const hasRaw = traces.some((trace) => trace.raw);
  const rows = [`line,x,${hasRaw ? "smoothed,value" : "value"},min,max`];
  for (const trace of traces) {
    const [low, high] = trace.limits ?? [];
    for (const [at, x] of trace.x.entries()) {
      if (view && (x < view[0] || x > view[1])) continue;
      const raw = hasRaw ? `,${trace.raw?.[at] ?? ""}` : "";
      rows.push(
        `${cell(trace.label)},${x},${trace.y[at]}${raw},${low?.[at] ?? ""},${high?.[at] ?? ""}`,
      );
    }
  }
  return `${rows.join("\n")}\n`;
}

/** Return a text as a cell: quoted where need be, and no formula to a spreadsheet. */
function cell(text: string): string {
  const calm = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(calm) ? `"${calm.replaceAll('"', '""')}"` : calm;
}
