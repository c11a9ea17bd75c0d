// Runs side by side: what differs between them, how far from a baseline, and their curves.
import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useLive } from "../../api/live";
import { runQuery } from "../../api/queries";
import type { Run } from "../../api/wire";
import { ChartPanel } from "../../charts/panel";
import { Page } from "../../components/frame";
import { LiveDot } from "../../components/live-dot";
import { Failed, Loading, Note } from "../../components/notes";
import { Tabs } from "../../components/tabs";
import { colorsOf } from "../../lib/colors";
import { count } from "../../lib/format";
import { metricKeys, type Row, rowOf } from "../../lib/runset";
import { useField, usePlace } from "../../state/location";
import { useSettings } from "../../state/settings";
import { AddRun } from "./add-run";
import { CompareArtifacts } from "./artifacts";
import { Documents } from "./documents";
import type { Chosen } from "./matrix";
import { Values } from "./values";

const MOST = 50;
const TABS = [
  ["values", "Values"],
  ["charts", "Charts"],
  ["artifacts", "Artifacts"],
  ["code", "Code"],
  ["packages", "Packages"],
] as const;

/** Return the ids in an address: a JSON list as upstream writes it, or words between commas. */
function idsIn(text: string): string[] {
  const plain = text.replaceAll(/[[\]"\s]/g, "");
  return [...new Set(plain.split(",").filter(Boolean))].slice(0, MOST);
}

function rowsOf(found: UseQueryResult<Run>[]) {
  const isReady = found.every((one) => one.data !== undefined);
  return {
    error: found.find((one) => one.error)?.error,
    rows: isReady ? found.map((one) => rowOf(one.data ?? {})) : undefined,
  };
}

export default function ComparePage() {
  const [runs, setRuns] = useField("runs");
  const ids = useMemo(() => idsIn(runs), [runs]);
  const { error, rows } = useQueries({ queries: ids.map(runQuery), combine: rowsOf });
  const experimentIds = useMemo(
    () => [...new Set(rows?.map((row) => row.experimentId) ?? [])].sort(),
    [rows],
  );
  const isLive = useLive(experimentIds);
  const change = useCallback((next: string[]) => setRuns(next.join(",")), [setRuns]);
  const crumbs = [
    { text: "Experiments", href: "#/experiments" },
    { text: `Compare ${count(ids.length, "run")}` },
  ];
  if (ids.length < 2) {
    return (
      <Page crumbs={crumbs}>
        <Note title="Choose two runs or more">
          <p>Tick them in the table of an experiment, then press Compare.</p>
        </Note>
      </Page>
    );
  }
  return (
    <Page
      crumbs={crumbs}
      tools={
        rows ? (
          <>
            <LiveDot stands={isLive} />
            <span className="grow" />
            {ids.length < MOST ? (
              <AddRun
                experimentIds={experimentIds}
                ids={ids}
                onAdd={(id) => change([...ids, id])}
              />
            ) : (
              <span className="quiet">{MOST} runs are the most</span>
            )}
          </>
        ) : null
      }
    >
      {error ? <Failed error={error} /> : null}
      {!rows && !error ? <Loading /> : null}
      {rows ? <Comparison rows={rows} onChange={change} /> : null}
    </Page>
  );
}

function Comparison({ rows, onChange }: { rows: Row[]; onChange: (ids: string[]) => void }) {
  const [tab] = useField("tab", "values");
  const [baseline, setBaseline] = useField("baseline", rows[0]?.id);
  const { palette } = useSettings();
  const { fields } = usePlace();
  const colors = useMemo(() => colorsOf(rows, palette), [rows, palette]);
  const base = Math.max(
    0,
    rows.findIndex((row) => row.id === baseline),
  );
  const onRemove = useCallback(
    (id: string) => onChange(rows.map((row) => row.id).filter((one) => one !== id)),
    [rows, onChange],
  );
  const chosen: Chosen = { rows, colors, base, onBase: setBaseline, onRemove };
  return (
    <div className="run">
      <Tabs
        label="Parts of the comparison"
        tabs={TABS}
        shown={tab}
        path="/compare-runs"
        fields={Object.fromEntries(fields)}
      />
      <div className="content">
        {tab === "charts" ? <Charts rows={rows} colors={colors} base={base} /> : null}
        {tab === "artifacts" ? <CompareArtifacts rows={rows} base={base} colors={colors} /> : null}
        {tab === "code" || tab === "packages" ? <Documents tab={tab} {...chosen} /> : null}
        {tab === "values" ? <Values {...chosen} /> : null}
      </div>
    </div>
  );
}

function Charts({ rows, colors, base }: Pick<Chosen, "rows" | "colors" | "base">) {
  const [hovered, hover] = useState<string>();
  const runs = useMemo(
    () => rows.map(({ id, name }) => ({ id, label: name, color: colors.get(id) ?? "" })),
    [rows, colors],
  );
  const metrics = useMemo(() => metricKeys(rows), [rows]);
  return (
    <ChartPanel
      metrics={metrics}
      runs={runs}
      rows={rows}
      baseline={rows[base]?.id}
      hovered={hovered}
      onHover={hover}
    />
  );
}
