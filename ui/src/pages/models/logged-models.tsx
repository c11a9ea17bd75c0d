// The logged models of experiments: found, ordered and shown by what they were measured at.
import { useMemo } from "react";
import { useExperimentName } from "../../api/experiments";
import { useLive } from "../../api/live";
import { useLoggedModels } from "../../api/logged-models";
import { Ago } from "../../components/ago";
import { count, significant } from "../../lib/format";
import {
  type ModelColumn,
  type ModelRow,
  modelColumn,
  modelOrder,
  rowsOf,
  telling,
} from "../../lib/logged-models";
import { filterOf } from "../../lib/searching";
import { useDebounced } from "../../state/debounced";
import { listIn, useField } from "../../state/location";
import type { GridColumn } from "../../table/grid";
import { sorting } from "../../table/sorting";
import { ModelList } from "./list";
import { ModelColumns } from "./model-columns";
import { VersionStatus } from "./version-status";

const LOGS = `import mlflow

mlflow.set_experiment("NAME")
with mlflow.start_run():
    mlflow.sklearn.log_model(model, name="classifier", input_example=data[:3])`;

export default function LoggedModelsPage({ ids }: { ids: string }) {
  const experimentIds = useMemo(() => ids.split(","), [ids]);
  const only = experimentIds.length === 1 ? ids : "";
  const named = useExperimentName(only);
  const name = only ? named : count(experimentIds.length, "experiment");
  const [find, setFind] = useField("filter");
  const [order, setOrder] = useField("order");
  const [picked, pick] = useField("columns");
  const filter = useDebounced(filterOf("name", find), 250);
  const asked = useMemo(() => modelOrder(order), [order]);
  const found = useLoggedModels(experimentIds, filter, asked);
  const { data } = found;
  const isLive = useLive(experimentIds, undefined, ["models", "logged_models"]);
  const { rows, columns: all } = useMemo(
    () => rowsOf((data?.pages ?? []).flatMap((page) => page.models)),
    [data],
  );
  const chosen = useMemo(
    () => (picked ? listIn(picked).flatMap((id) => modelColumn(id) ?? []) : telling(rows, all)),
    [rows, all, picked],
  );
  const columns = useColumns(chosen, order, setOrder);
  return (
    <ModelList
      label="Logged models"
      isLive={isLive}
      crumbs={[
        { text: "Experiments", href: "#/experiments" },
        { text: name, href: `#/experiments/${ids}` },
        { text: "Models" },
      ]}
      asked={found}
      rows={rows}
      keyOf={(row) => row.id}
      columns={columns}
      find={find}
      onFind={setFind}
      hint="Words of a name, or a filter: metrics.accuracy > 0.9 AND params.depth = '3'"
      more={
        <ModelColumns
          all={all}
          chosen={chosen}
          isAutomatic={!picked}
          onChoose={(next) => pick(next ? JSON.stringify(next.map((one) => one.id)) : "")}
        />
      }
      empty="No models yet"
    >
      <p>Log a model in a run, and it appears here:</p>
      <pre>{LOGS.replace("NAME", name)}</pre>
    </ModelList>
  );
}

function useColumns(
  chosen: ModelColumn[],
  order: string,
  setOrder: (order: string) => void,
): GridColumn<ModelRow>[] {
  return useMemo(() => {
    const now = Date.now();
    const sortable = sorting(order, setOrder);
    return [
      {
        id: "name",
        title: "Model",
        width: 260,
        ...sortable("name"),
        cell: ({ model: { info }, id }) => (
          <a href={`#/experiments/${info?.experiment_id}/models/${id}`} title={id}>
            {info?.name || id}
          </a>
        ),
      },
      {
        id: "status",
        title: "Status",
        width: 90,
        cell: ({ model: { info } }) => (
          <VersionStatus status={String(info?.status)} said={info?.status_message} />
        ),
      },
      {
        id: "registered",
        title: "Registered",
        width: 150,
        cell: ({ model: { info } }) => (
          <span className="row-tags">
            {(info?.registrations ?? []).map(({ name = "", version }) => (
              <a
                key={`${name} ${version}`}
                href={`#/models/${encodeURIComponent(name)}/versions/${version}`}
              >
                {name} {version}
              </a>
            ))}
          </span>
        ),
      },
      {
        id: "created",
        title: "Logged",
        width: 100,
        ...sortable("created"),
        cell: ({ model: { info } }) => <Ago ms={info?.creation_timestamp_ms} now={now} />,
      },
      {
        id: "run",
        title: "Run",
        width: 90,
        cell: ({ model: { info } }) =>
          info?.source_run_id ? (
            <a
              className="mono"
              href={`#/experiments/${info.experiment_id}/runs/${info.source_run_id}`}
            >
              {info.source_run_id.slice(0, 8)}
            </a>
          ) : null,
      },
      ...chosen.map(
        (column): GridColumn<ModelRow> => ({
          id: column.id,
          title: titleOf(column),
          width: column.kind === "metrics" ? 120 : 130,
          isNumber: column.kind === "metrics",
          ...(column.kind === "metrics" ? sortable(column.id) : {}),
          cell: ({ values }) => {
            const value = values.get(column.id);
            if (value === undefined) return null;
            return typeof value === "number" ? (
              <span title={String(value)}>{significant(value)}</span>
            ) : (
              <span title={value}>{value}</span>
            );
          },
        }),
      ),
    ];
  }, [chosen, order, setOrder]);
}

function titleOf({ key, dataset }: ModelColumn): string {
  return dataset ? `${key} (${dataset})` : key;
}
