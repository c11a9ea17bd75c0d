// What a chart says at the place that one points at.
import { significant } from "../lib/format";
import { nearest, type Trace } from "../lib/lines";

export interface TipAt {
  left: number;
  top: number;
  x: number;
  run: string | undefined;
  id: string | undefined;
  isDetailed: boolean;
}

const SHOWN = 8; // values, the greatest; more where it stands still

interface TipProps {
  tip: TipAt;
  traces: Trace[];
  title: string;
  width: number;
  isFrozen: boolean;
}

export function Tip({ tip, traces, title, width, isFrozen }: TipProps) {
  const found = traces
    .map((trace) => ({ trace, at: nearest(trace.x, tip.x) }))
    .filter(({ at }) => at >= 0)
    .map(({ trace, at }) => ({ trace, at, value: trace.y[at] as number }))
    .sort((a, b) => (Number.isNaN(b.value) ? -1 : Number.isNaN(a.value) ? 1 : b.value - a.value));
  const shown = isFrozen ? found.slice(0, 500) : found.slice(0, SHOWN);
  const mine = found.find(({ trace }) => trace.id === tip.id);
  if (mine && !shown.includes(mine)) shown[shown.length - 1] = mine;
  const isRight = tip.left > width / 2;
  return (
    <div
      className={`tip${isFrozen ? " frozen" : ""}`}
      style={isRight ? { right: width - tip.left + 12 } : { left: tip.left + 12 }}
      role="status"
    >
      <p className="quiet">
        {title}
        {isFrozen ? " · click to let go" : null}
      </p>
      <table>
        <tbody>
          {shown.map(({ trace, at, value }) => (
            <tr key={trace.id} className={trace.id === tip.id ? "chosen" : undefined}>
              <td>
                <span className="dot-inline" style={{ background: trace.color }} />
                {trace.label}
              </td>
              <td>{significant(value)}</td>
              {trace.raw ? <td className="quiet">{significant(trace.raw[at] as number)}</td> : null}
              {tip.isDetailed || isFrozen ? (
                <>
                  <td className="quiet">x {significant(trace.x[at] as number)}</td>
                  {trace.limits ? (
                    <td className="quiet">
                      {significant(trace.limits[0][at] as number)}–
                      {significant(trace.limits[1][at] as number)}
                    </td>
                  ) : null}
                </>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      {found.length > shown.length ? (
        <p className="quiet">and {found.length - shown.length} more: click to see them</p>
      ) : null}
    </div>
  );
}
