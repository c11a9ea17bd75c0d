// How a version or a logged model is, by shape, colour and word.
import { Icon } from "../../components/icons";

const LOOKS: Record<string, [name: "check" | "cross" | "clock", color: string, word: string]> = {
  READY: ["check", "var(--good)", "Ready"],
  LOGGED_MODEL_READY: ["check", "var(--good)", "Ready"],
  FAILED_REGISTRATION: ["cross", "var(--bad)", "Failed"],
  LOGGED_MODEL_UPLOAD_FAILED: ["cross", "var(--bad)", "Failed"],
  PENDING_REGISTRATION: ["clock", "var(--quiet)", "Pending"],
  LOGGED_MODEL_PENDING: ["clock", "var(--quiet)", "Pending"],
};

interface VersionStatusProps {
  status: string;
  said?: string | undefined; // the server's words about it
}

export function VersionStatus({ status, said }: VersionStatusProps) {
  const [name, color, word] = LOOKS[status] ?? ["clock", "var(--quiet)", status];
  return (
    <span className="status" title={said || status}>
      <span style={{ color, display: "grid" }}>
        <Icon name={name} size={14} />
      </span>
      {word}
    </span>
  );
}
