// Bars instead of lines, where each run has one value.
import { significant } from "../lib/format";
import type { Trace } from "../lib/lines";

interface BarsProps {
  traces: Trace[];
  hovered: string | undefined;
  onHover: (run: string | undefined) => void;
}

export function Bars({ traces, hovered, onHover }: BarsProps) {
  const values = traces.map((trace) => trace.y[0] ?? Number.NaN);
  const most = Math.max(...values.filter(Number.isFinite).map(Math.abs), Number.MIN_VALUE);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keys
    <ul className="bars chart" tabIndex={0}>
      {traces.map((trace, at) => (
        <li
          key={trace.id}
          className={hovered === trace.run ? "chosen" : undefined}
          onMouseEnter={() => onHover(trace.run)}
          onMouseLeave={() => onHover(undefined)}
        >
          <span className="bar-label" title={trace.label}>
            {trace.label}
          </span>
          <span className="bar-room">
            <span
              className="bar-fill"
              style={{
                width: `${(Number.isFinite(values[at]) ? Math.abs(values[at] ?? 0) / most : 0) * 100}%`,
                background: trace.color,
              }}
            />
          </span>
          <span>{significant(values[at] ?? Number.NaN)}</span>
        </li>
      ))}
    </ul>
  );
}
