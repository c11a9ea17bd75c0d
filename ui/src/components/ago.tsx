// How long ago something was; the time itself on hover.
import { ago } from "../lib/format";

interface AgoProps {
  ms: number | undefined;
  now?: number;
  did?: string; // what was done then
  className?: string;
}

export function Ago({ ms, now = Date.now(), did, className }: AgoProps) {
  if (!ms) return null;
  return (
    <span className={className} title={new Date(ms).toISOString()}>
      {did ? `${did} ` : ""}
      {ago(ms, now)}
    </span>
  );
}
