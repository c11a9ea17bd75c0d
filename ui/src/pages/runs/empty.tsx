// How many runs there are, and what the page says when there are none.
import { ApiError } from "../../api/client";
import { useRunCount } from "../../api/run-acts";
import { Failed, Loading, Note } from "../../components/notes";
import { count } from "../../lib/format";
import type { Row } from "../../lib/runset";
import type { View } from "../../lib/view";

const LOGS = `import mlflow

mlflow.set_tracking_uri("${window.location.origin}")
mlflow.set_experiment("NAME")
with mlflow.start_run():
    mlflow.log_params({"lr": 0.1})
    mlflow.log_metric("loss", 0.25, step=1)`;

export function Total({
  ids,
  total,
  isAll,
  view,
}: {
  ids: string[];
  total: number | undefined;
  isAll: boolean;
  view: View;
}) {
  const { data: of } = useRunCount(ids, !isAll && !view.archived);
  if (total === undefined) return null;
  const some = isAll || view.archived || of === undefined || of === total;
  const noun = view.archived ? "archived run" : "run";
  return (
    <span className="quiet wide total">
      {some ? count(total, noun) : `${total.toLocaleString("en")} of ${count(of, noun)}`}
    </span>
  );
}

interface EmptyProps {
  state: { rows: Row[]; total: number | undefined; error: Error | undefined };
  view: View;
  name: string;
  change: (part: Partial<View>) => void;
  again: () => void;
}

export function Empty({ state, view, name, change, again }: EmptyProps) {
  const { rows, total, error } = state;
  if (rows.length > 0) return null;
  if (total === undefined) {
    // What is wrong with a query is said at its line.
    const isAway = error instanceof ApiError && error.status === 0;
    if (error && (isAway || !view.filter)) return <Failed error={error} again={again} />;
    return error ? <Note title="The query cannot be answered" /> : <Loading rows={14} />;
  }
  if (view.filter || view.mine || !view.failed) {
    return (
      <Note title="No run matches this query">
        <button
          type="button"
          className="button"
          onClick={() => change({ filter: "", mine: "", failed: true })}
        >
          Show all runs
        </button>
      </Note>
    );
  }
  if (view.archived) {
    return (
      <Note title="No archived runs">
        <button type="button" className="button" onClick={() => change({ archived: false })}>
          Show the runs that are not archived
        </button>
      </Note>
    );
  }
  return (
    <Note title="No runs yet">
      <p>Run this, and it appears here:</p>
      <pre>{LOGS.replace("NAME", name)}</pre>
    </Note>
  );
}
