// The models that a run logged: of what kind, how good, where registered, and how to load them.
import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { loggedModelQuery } from "../../api/logged-models";
import type { LoggedModel, RunOutputs } from "../../api/wire";
import { Ago } from "../../components/ago";
import { Copy } from "../../components/copy";
import { Pair } from "../../components/facts";
import { Failed, Loading, Note } from "../../components/notes";
import { number, significant } from "../../lib/format";

const MOST = 50; // models that are asked for, the newest

function modelsOf(found: UseQueryResult<LoggedModel>[]) {
  return {
    error: found.find((one) => one.error)?.error,
    models: found.flatMap((one) => (one.data ? [one.data] : [])),
    isReady: found.every((one) => !one.isPending),
  };
}

export default function Models({ outputs }: { outputs: RunOutputs }) {
  const steps = new Map(
    (outputs.model_outputs ?? []).map((one) => [one.model_id ?? "", one.step] as const),
  );
  const ids = [...steps.keys()];
  const { error, models, isReady } = useQueries({
    queries: ids.slice(-MOST).reverse().map(loggedModelQuery),
    combine: modelsOf,
  });
  if (ids.length === 0) {
    return (
      <Note title="No models">
        <p>A model that the run logs is shown with its scores and the line that loads it.</p>
        <pre>{'mlflow.sklearn.log_model(model, name="classifier")'}</pre>
      </Note>
    );
  }
  if (error) return <Failed error={error} />;
  if (!isReady) return <Loading />;
  return (
    <div className="padded">
      {ids.length > MOST ? (
        <p className="quiet">
          The newest {MOST} of {ids.length} models.
        </p>
      ) : null}
      {models.map((model) => (
        <Model
          key={model.info?.model_id}
          model={model}
          step={steps.get(model.info?.model_id ?? "")}
        />
      ))}
    </div>
  );
}

function Model({ model, step }: { model: LoggedModel; step: number | undefined }) {
  const { info = {}, data = {} } = model;
  const id = info.model_id ?? "";
  const metrics = new Map((data.metrics ?? []).map((one) => [one.key ?? "", one]));
  return (
    <section className="model-card" aria-label={`Model ${info.name}`}>
      <div className="line">
        <h2>{info.name}</h2>
        <span className="chip">{info.model_type || "model"}</span>
        <span className="quiet">
          {String(info.status ?? "")
            .replace("LOGGED_MODEL_", "")
            .toLowerCase()}
        </span>
        {step === undefined ? null : <span className="quiet">step {step}</span>}
        <Ago className="quiet" ms={info.creation_timestamp_ms} />
        {(info.registrations ?? []).map((one) => (
          <a
            key={`${one.name} ${one.version}`}
            href={`#/models/${encodeURIComponent(one.name ?? "")}`}
          >
            {one.name} {one.version}
          </a>
        ))}
      </div>
      <Copy text={`mlflow.pyfunc.load_model("models:/${id}")`} />
      {metrics.size > 0 || (data.params ?? []).length > 0 ? (
        <table className="pairs model-values">
          <tbody>
            {[...metrics].map(([key, one]) => (
              <tr key={`m ${key}`}>
                <th scope="row" className="mono">
                  {key}
                </th>
                <td className="number" title={String(one.value)}>
                  {significant(number(one.value))}
                </td>
                <td className="quiet">{one.dataset_name ? `on ${one.dataset_name}` : ""}</td>
              </tr>
            ))}
            {(data.params ?? []).map(({ key = "", value = "" }) => (
              <Pair key={`p ${key}`} name={key} value={value} span={2} />
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
}
