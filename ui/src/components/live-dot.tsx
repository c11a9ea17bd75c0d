// Whether the page hears what happens.

export function LiveDot({ stands }: { stands: boolean }) {
  const said = stands
    ? "Live: changes appear by themselves"
    : "Not connected: changes do not appear";
  return (
    <span className={`live-dot${stands ? " on" : ""}`} role="status" title={said}>
      <span className="hidden-text">{said}</span>
    </span>
  );
}
