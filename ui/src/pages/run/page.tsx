// One run: what went in, what came out, what it said and what it left.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { useExperimentName } from "../../api/experiments";
import { useLive } from "../../api/live";
import { runQuery, useFiles } from "../../api/queries";
import { useChange } from "../../api/run";
import type { Run } from "../../api/wire";
import { ChartPanel } from "../../charts/panel";
import { Page } from "../../components/frame";
import { LiveDot } from "../../components/live-dot";
import { Failed, Loading } from "../../components/notes";
import { Status } from "../../components/status";
import { Tabs } from "../../components/tabs";
import { chosenColor, colorOf } from "../../lib/colors";
import { evaluationOf } from "../../lib/evaluation";
import { metricKeys, type Row, rowOf } from "../../lib/runset";
import { useField } from "../../state/location";
import { useSettings } from "../../state/settings";
import { Archived, Line } from "./heading";
import { Overview } from "./overview";

const Series = lazy(() =>
  import("../../components/preview/series").then((found) => ({ default: found.Series })),
);
const Models = lazy(() => import("./models"));
const Evaluation = lazy(() => import("./evaluation"));
const Console = lazy(() => import("./console"));
const Files = lazy(() => import("./files"));

interface Tab {
  id: string;
  label: string;
  isThere?: (row: Row, run: Run, files: string[]) => boolean;
  show: (row: Row, run: Run) => React.ReactNode;
}

const isSystem = (key: string) => key.startsWith("system/");

const TABS: Tab[] = [
  { id: "overview", label: "Overview", show: (_, run) => <Overview run={run} /> },
  {
    id: "charts",
    label: "Charts",
    show: (row) => <RunCharts row={row} keeps={(key) => !isSystem(key)} />,
  },
  {
    id: "system",
    label: "System",
    isThere: (row) => [...row.metrics.keys()].some(isSystem),
    show: (row) => <RunCharts row={row} keeps={isSystem} />,
  },
  {
    id: "images",
    label: "Images",
    isThere: (row) => row.tags.has("mlflow.loggedImages"),
    show: (row) => <Series runId={row.id} />,
  },
  {
    id: "models",
    label: "Models",
    isThere: (_, run) => (run.outputs?.model_outputs ?? []).length > 0,
    show: (_, run) => <Models outputs={run.outputs ?? {}} />,
  },
  {
    id: "evaluation",
    label: "Evaluation",
    isThere: (row, _, files) => {
      const tag = row.tags.get("mlflow.loggedArtifacts") ?? "";
      const { tables, pictures } = evaluationOf(tag, files);
      return tables.length > 0 || pictures.length > 0;
    },
    show: (row) => <Evaluation row={row} />,
  },
  { id: "artifacts", label: "Artifacts", show: (row) => <Files row={row} /> },
  { id: "console", label: "Console", show: (row) => <Console row={row} /> },
];

export default function RunPage({ experiment, run: runId }: { experiment: string; run: string }) {
  const { data, error, refetch } = useQuery(runQuery(runId));
  const isLive = useLive([experiment], undefined, ["experiments"]);
  const row = useMemo(() => (data ? rowOf(data) : undefined), [data]);
  const name = useExperimentName(experiment);
  const { mutateAsync: act } = useChange(runId);
  const isArchived = data?.info?.lifecycle_stage === "deleted";
  return (
    <Page
      crumbs={[
        { text: "Experiments", href: "#/experiments" },
        { text: name, href: `#/experiments/${experiment}` },
        { text: row?.name ?? "Run" },
      ]}
      rename={
        row && !isArchived
          ? {
              what: "Name of the run",
              save: (name) => act({ kind: "rename", name }),
            }
          : undefined
      }
      tools={
        row ? (
          <>
            <Status status={row.status} words />
            <LiveDot stands={isLive} />
            <span className="grow" />
            {isArchived ? null : (
              <button type="button" className="plain" onClick={() => act({ kind: "archive" })}>
                Archive
              </button>
            )}
          </>
        ) : null
      }
    >
      {error ? <Failed error={error} again={refetch} /> : null}
      {!row && !error ? <Loading /> : null}
      {row && data ? <Parts key={row.id} row={row} run={data} isArchived={isArchived} /> : null}
    </Page>
  );
}

function Parts({ row, run, isArchived }: { row: Row; run: Run; isArchived: boolean }) {
  const [tab] = useField("tab", "overview");
  const { data: files } = useFiles(row.id, "");
  const paths = (files ?? []).map((file) => file.path ?? "");
  const tabs = TABS.filter((one) => one.id === tab || (one.isThere?.(row, run, paths) ?? true));
  const shown = tabs.find((one) => one.id === tab) ?? TABS[0];
  const path = `/experiments/${row.experimentId}/runs/${row.id}`;
  return (
    <div className="run">
      <div>
        {isArchived ? <Archived row={row} /> : null}
        <Line row={row} />
        <Tabs
          label="Parts of the run"
          tabs={tabs.map(({ id, label }) => [id, label] as const)}
          shown={shown?.id}
          path={path}
        />
      </div>
      <div className="content">
        <Suspense fallback={<Loading />}>{shown?.show(row, run)}</Suspense>
      </div>
    </div>
  );
}

function RunCharts({ row, keeps }: { row: Row; keeps: (key: string) => boolean }) {
  const { palette } = useSettings();
  const runs = useMemo(
    () => [
      { id: row.id, label: row.name, color: chosenColor(row.color) ?? colorOf(row.id, palette) },
    ],
    [row.id, row.name, row.color, palette],
  );
  const metrics = useMemo(() => metricKeys([row]).filter(keeps), [row, keeps]);
  return <ChartPanel metrics={metrics} runs={runs} hovered={undefined} onHover={() => {}} />;
}
