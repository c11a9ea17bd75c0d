// What a run read and what it made: datasets and models, with the line of Python that loads one.
import { useQueries } from "@tanstack/react-query";
import { loggedModelQuery } from "../../api/logged-models";
import type { DatasetInput, LoggedModelInfo, RunInputs, RunOutputs } from "../../api/wire";
import { Copy } from "../../components/copy";

const MOST = 20; // models that are asked for

interface LineageProps {
  inputs: RunInputs;
  outputs: RunOutputs;
  finds: (text: string) => boolean;
}

export function Lineage({ inputs, outputs, finds }: LineageProps) {
  const made = [...new Set((outputs.model_outputs ?? []).map((one) => one.model_id ?? ""))];
  const models = useQueries({ queries: made.slice(-MOST).map(loggedModelQuery) });
  const datasets = (inputs.dataset_inputs ?? []).filter((one) =>
    finds(`${one.dataset?.name} ${one.dataset?.digest} ${contextOf(one)}`),
  );
  const known = models
    .flatMap((one) => (one.data?.info ? [one.data.info] : []))
    .filter((one) => finds(`${one.name} ${one.model_type} ${one.model_id}`));
  return (
    <>
      {known.length > 0 ? (
        <section>
          <h2>
            Models{" "}
            <span className="quiet">
              {known.length === made.length ? made.length : `${known.length} of ${made.length}`}
            </span>
          </h2>
          {known.map((model) => (
            <Model key={model.model_id} model={model} />
          ))}
        </section>
      ) : null}
      {datasets.length > 0 ? (
        <section>
          <h2>
            Datasets <span className="quiet">{datasets.length}</span>
          </h2>
          <table className="pairs">
            <tbody>
              {datasets.map((one) => (
                <tr key={`${one.dataset?.name} ${one.dataset?.digest} ${contextOf(one)}`}>
                  <th scope="row">{one.dataset?.name}</th>
                  <td>{contextOf(one)}</td>
                  <td className="mono" title="Digest of the content">
                    {one.dataset?.digest}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </>
  );
}

function contextOf({ tags }: DatasetInput): string {
  return tags?.find((tag) => tag.key === "mlflow.data.context")?.value ?? "";
}

function Model({ model }: { model: LoggedModelInfo }) {
  const uri = `models:/${model.model_id}`;
  return (
    <div className="line model">
      <a href={`#/experiments/${model.experiment_id}/models/${model.model_id}`}>
        <strong>{model.name}</strong>
      </a>
      <span className="quiet">{model.model_type}</span>
      {(model.registrations ?? []).map((one) => (
        <a
          key={`${one.name} ${one.version}`}
          href={`#/models/${encodeURIComponent(one.name ?? "")}/versions/${one.version}`}
        >
          {one.name} {one.version}
        </a>
      ))}
      <Copy text={`mlflow.pyfunc.load_model("${uri}")`} />
    </div>
  );
}
