// Who a run is: its name, how it is, when it was last heard of, and putting it away.
import { useEffect, useState } from "react";
import { useChange, useLiveness } from "../../api/run";
import { Ago } from "../../components/ago";
import { duration } from "../../lib/format";
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
      <Ago ms={row.start} now={now} did="started" />
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
