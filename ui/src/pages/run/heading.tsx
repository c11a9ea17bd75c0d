// Who a run is: its name, how it is, when it was last heard of, and putting it away.
import { useEffect, useState } from "react";
import { useChange, useLiveness } from "../../api/run";
import { ago, duration } from "../../lib/format";
import type { Row } from "../../lib/runset";

const TICK = 1000;

function useNow(runs: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!runs) return;
    const timer = window.setInterval(() => setNow(Date.now()), TICK);
    return () => window.clearInterval(timer);
  }, [runs]);
  return now;
}

/** One line of facts, with a sign of life where the run is not over. */
export function Line({ row }: { row: Row }) {
  const isOpen = row.status === "RUNNING";
  const now = useNow(isOpen);
  const { data } = useLiveness(row.id, isOpen);
  const commit = row.tags.get("mlflow.source.git.commit");
  const source = row.tags.get("mlflow.source.name");
  const heard = data?.last_heartbeat;
  return (
    <div className="line quiet facts-line">
      {row.start ? (
        <span title={new Date(row.start).toISOString()}>started {ago(row.start, now)}</span>
      ) : null}
      {row.start && row.end ? <span>took {duration(row.end - row.start)}</span> : null}
      {row.start && isOpen ? <span>runs for {duration(Math.max(0, now - row.start))}</span> : null}
      {isOpen && heard ? (
        <span
          className={data?.stale_since ? "bad" : undefined}
          title={new Date(heard).toISOString()}
        >
          {data?.stale_since ? "not heard of for " : "last heard of "}
          {duration(Math.max(0, Math.floor((now - heard) / 1000) * 1000))}
          {data?.stale_since ? "" : " ago"}
        </span>
      ) : null}
      {row.user ? <span>by {row.user}</span> : null}
      {source ? (
        <span className="mono cut" title={source}>
          {source}
        </span>
      ) : null}
      {commit ? (
        <span className="mono" title={commit}>
          commit {commit.slice(0, 8)}
        </span>
      ) : null}
      <span className="mono">{row.id}</span>
    </div>
  );
}

/** The name in a field, and what archives or restores. */
export function Acts({ row, isArchived }: { row: Row; isArchived: boolean }) {
  const change = useChange(row.id);
  const [name, setName] = useState<string>();
  if (name !== undefined) {
    return (
      <form
        className="line"
        onSubmit={async (event) => {
          event.preventDefault();
          await change.mutateAsync({ kind: "rename", name: name.trim() });
          setName(undefined);
        }}
        onKeyDown={(event) => (event.key === "Escape" ? setName(undefined) : undefined)}
      >
        <input
          className="field short"
          aria-label="Name of the run"
          required
          // biome-ignore lint/a11y/noAutofocus: one asked for the field
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="button">
          Rename
        </button>
      </form>
    );
  }
  return (
    <>
      {isArchived ? null : (
        <button type="button" className="plain" onClick={() => setName(row.name)}>
          Rename
        </button>
      )}
      {isArchived ? null : (
        <button type="button" className="plain" onClick={() => change.mutate({ kind: "archive" })}>
          Archive
        </button>
      )}
    </>
  );
}

/** What stands above a run that was put away. */
export function Archived({ row }: { row: Row }) {
  const change = useChange(row.id);
  return (
    <div className="line archived" role="status">
      <span>
        <strong>{row.name}</strong> is archived: tables leave it out, and it cannot be changed.
      </span>
      <button type="button" className="button" onClick={() => change.mutate({ kind: "restore" })}>
        Restore
      </button>
      {change.error ? <span className="bad">{change.error.message}</span> : null}
    </div>
  );
}
