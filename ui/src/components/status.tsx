// How a run is, by shape and colour.
import { Icon } from "./icons";

const LOOKS: Record<string, [name: "check" | "cross" | "play" | "clock" | "pause", color: string]> =
  {
    FINISHED: ["check", "var(--good)"],
    FAILED: ["cross", "var(--bad)"],
    KILLED: ["pause", "var(--odd)"],
    RUNNING: ["play", "var(--busy)"],
    SCHEDULED: ["clock", "var(--quiet)"],
  };

export function Status({ status, words = false }: { status: string; words?: boolean }) {
  const [name, color] = LOOKS[status] ?? ["clock", "var(--quiet)"];
  const said = status.charAt(0) + status.slice(1).toLowerCase();
  return (
    <span className="status" title={said}>
      <span style={{ color, display: "grid" }}>
        <Icon name={name} size={14} />
      </span>
      {words ? said : <span className="hidden-text">{said}</span>}
    </span>
  );
}
