// All experiments: found as one types, in folders, made, renamed, described, archived and brought back.
import { useMemo, useState } from "react";
import { NOTE, useCounts, useExperimentActions, useExperiments } from "../../api/experiments";
import { useLive } from "../../api/live";
import type { Experiment, ExperimentCounts } from "../../api/wire";
import { Page } from "../../components/frame";
import { LiveDot } from "../../components/live-dot";
import { Failed, Loading, Note } from "../../components/notes";
import { Search } from "../../components/search";
import { say, sayError } from "../../components/toast";
import { finder } from "../../lib/finding";
import { foldered } from "../../lib/folders";
import { count } from "../../lib/format";
import { listIn, useField } from "../../state/location";
import { Details, NewExperiment } from "./dialogs";
import { type Asked, ExperimentTable } from "./table";

const FIRST = `import mlflow

mlflow.set_tracking_uri("${window.location.origin}")
mlflow.set_experiment("my first experiment")
with mlflow.start_run():
    mlflow.log_metric("loss", 0.25)`;

const of = {
  name: (one: Experiment) => one.name ?? "",
  id: (one: Experiment) => one.experiment_id ?? "",
};

export function ExperimentsPage() {
  const [view, setView] = useField("view", "active");
  const isArchive = view === "archived";
  const { data, error, refetch, hasNextPage } = useExperiments(
    isArchive ? "DELETED_ONLY" : "ACTIVE_ONLY",
  );
  const { counts, isPending } = useCounts(data);
  const isLive = useLive([], undefined, ["experiments", "activity"]);
  const actions = useExperimentActions();
  const [find, setFind] = useField("find");
  const [order, setOrder] = useField("order");
  const [shut, setShut] = useField("closed");
  const [making, make] = useField("new");
  const [detailed, detail] = useState<string>();
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());

  const shown = useMemo(() => {
    const fits = finder(find);
    const found = (data ?? []).filter((one) =>
      fits({ name: one.name ?? "", tags: one.tags ?? [] }),
    );
    return sorted(found, order, counts);
  }, [data, find, order, counts]);
  // What is sought is shown, wherever it is.
  const closed = useMemo(() => new Set(find ? [] : listIn(shut)), [find, shut]);
  const rows = useMemo(() => foldered(shown, of, closed), [shown, closed]);
  const toggle = (path: string) => {
    const next = new Set(listIn(shut));
    if (!next.delete(path)) next.add(path);
    setShut(next.size > 0 ? JSON.stringify([...next]) : "");
  };
  const ids = useMemo(() => new Set(shown.map(of.id)), [shown]);
  const chosen = [...ticked].filter((id) => ids.has(id));
  const nameOf = (id: string) => (data ?? []).find((one) => one.experiment_id === id)?.name ?? id;

  const move = async (which: string[], back = false) => {
    const what =
      which.length === 1 ? `“${nameOf(which[0] ?? "")}”` : count(which.length, "experiment");
    const [there, here] = back
      ? [actions.restore, actions.archive]
      : [actions.archive, actions.restore];
    try {
      await there(which);
      tick(new Set());
      say(`${back ? "Restored" : "Archived"} ${what} with all runs.`, () => here(which));
    } catch (failed) {
      sayError(failed);
    }
  };
  const ask = (asked: Asked) => {
    if (asked.kind === "new") make(`${asked.folder}/`);
    else if (asked.kind === "details") detail(asked.id);
    else void move(asked.ids, asked.kind === "restore");
  };
  const detailedOne = (data ?? []).find((one) => one.experiment_id === detailed);
  const total = `${count(shown.length, "experiment")}${hasNextPage ? " so far" : ""}`;
  return (
    <Page
      crumbs={[{ text: "Experiments" }]}
      tools={
        <>
          <LiveDot stands={isLive} />
          <span className="quiet wide">{data ? total : ""}</span>
          {chosen.length > 0 ? (
            <Chosen
              ids={chosen}
              isArchive={isArchive}
              onMove={() => move(chosen, isArchive)}
              onClear={() => tick(new Set())}
            />
          ) : null}
          <div className="grow" />
          <Search what="Find experiments" value={find} onChange={setFind} />
          <button type="button" className="button" onClick={() => make("1")}>
            New
          </button>
        </>
      }
      more={
        <button
          type="button"
          className="button"
          aria-pressed={isArchive}
          onClick={() => {
            setView(isArchive ? "active" : "archived");
            tick(new Set());
          }}
        >
          Archived
        </button>
      }
    >
      <div className="column">
        {error && !data ? <Failed error={error} again={refetch} /> : null}
        {(!data || isPending) && !error ? <Loading rows={14} /> : null}
        {data && shown.length === 0 && !hasNextPage ? (
          <Nothing find={find} isArchive={isArchive} onClear={() => setFind("")} />
        ) : null}
        {shown.length > 0 && !isPending ? (
          <ExperimentTable
            rows={rows}
            counts={counts}
            isArchive={isArchive}
            order={order}
            onOrder={setOrder}
            ticked={ticked}
            onTick={tick}
            onFolder={toggle}
            find={find}
            onFind={setFind}
            onAsk={ask}
          />
        ) : null}
      </div>
      <NewExperiment
        folder={making.endsWith("/") ? making : ""}
        open={making !== ""}
        onClose={() => make("")}
      />
      <Details
        experiment={detailedOne}
        note={detailedOne?.tags?.find((tag) => tag.key === NOTE)?.value ?? ""}
        onClose={() => detail(undefined)}
      />
    </Page>
  );
}

type Counts = ReadonlyMap<string, ExperimentCounts>;

function sorted(list: Experiment[], order: string, counts: Counts): Experiment[] {
  const [by = "", direction] = (order || "activity DESC").split(" ");
  const sign = direction === "DESC" ? -1 : 1;
  if (by === "name") {
    const { compare } = new Intl.Collator(undefined, { numeric: true });
    return [...list].sort((a, b) => sign * compare(of.name(a), of.name(b)));
  }
  const value = (one: Experiment) => {
    if (by === "created") return one.creation_time ?? 0;
    const known = counts.get(of.id(one));
    return (by === "runs" ? known?.active_runs : known?.last_activity) ?? 0;
  };
  return [...list].sort((a, b) => sign * (value(a) - value(b)));
}

interface ChosenProps {
  ids: string[];
  isArchive: boolean;
  onMove: () => void;
  onClear: () => void;
}

function Chosen({ ids, isArchive, onMove, onClear }: ChosenProps) {
  return (
    <>
      {isArchive ? null : (
        <a className="button main" href={`#/experiments/${ids.join(",")}`}>
          {ids.length === 1 ? "Open" : `Open ${ids.length} together`}
        </a>
      )}
      <button type="button" className="button" onClick={onMove}>
        {isArchive ? "Restore" : "Archive"} {ids.length}
      </button>
      <button type="button" className="plain wide" onClick={onClear}>
        Choose none
      </button>
    </>
  );
}

interface NothingProps {
  find: string;
  isArchive: boolean;
  onClear: () => void;
}

function Nothing({ find, isArchive, onClear }: NothingProps) {
  if (find) {
    return (
      <Note title={`No experiment has “${find}” in its name or tags`}>
        <button type="button" className="button" onClick={onClear}>
          Show all
        </button>
      </Note>
    );
  }
  if (isArchive) {
    return (
      <Note title="Nothing is archived">
        <p>
          Experiments that are archived wait here with their runs until they are restored, or until{" "}
          <code>mlflow gc</code> deletes them for good.
        </p>
      </Note>
    );
  }
  return (
    <Note title="No experiments yet">
      <p>Run this, and it appears here:</p>
      <pre>{FIRST}</pre>
    </Note>
  );
}
