// Where a model comes from: the run that made it, the logged model, and the datasets that the run read.
import { useQuery } from "@tanstack/react-query";
import { loggedModelQuery } from "../../api/logged-models";
import { runQuery } from "../../api/queries";

interface OriginProps {
  runId: string | undefined;
  modelId?: string | undefined;
  source?: string | undefined;
}

export function Origin({ runId, modelId, source }: OriginProps) {
  const run = useQuery({ ...runQuery(runId ?? ""), enabled: Boolean(runId), retry: false });
  const model = useQuery({
    ...loggedModelQuery(modelId ?? ""),
    enabled: Boolean(modelId),
    retry: false,
  });
  const { info, inputs } = run.data ?? {};
  const logged = model.data?.info;
  return (
    <section>
      <h2>Origin</h2>
      <table className="pairs">
        <tbody>
          {runId ? (
            <tr>
              <th scope="row">Run</th>
              <td>
                {info ? (
                  <a href={`#/experiments/${info.experiment_id}/runs/${runId}`}>
                    {info.run_name || runId}
                  </a>
                ) : (
                  <span className="mono">{runId}</span>
                )}
                {run.error ? <span className="quiet"> is not there any more</span> : null}
              </td>
            </tr>
          ) : null}
          {modelId ? (
            <tr>
              <th scope="row">Logged model</th>
              <td>
                {logged ? (
                  <a href={`#/experiments/${logged.experiment_id}/models/${modelId}`}>
                    {logged.name || modelId}
                  </a>
                ) : (
                  <span className="mono">{modelId}</span>
                )}
              </td>
            </tr>
          ) : null}
          {(inputs?.dataset_inputs ?? []).map(({ dataset, tags }) => (
            <tr key={`${dataset?.name} ${dataset?.digest}`}>
              <th scope="row">
                Dataset{" "}
                <span className="quiet">
                  {tags?.find((tag) => tag.key === "mlflow.data.context")?.value}
                </span>
              </th>
              <td>
                {dataset?.name} <span className="quiet mono">{dataset?.digest}</span>
              </td>
            </tr>
          ))}
          {source ? (
            <tr>
              <th scope="row">Source</th>
              <td className="mono">{source}</td>
            </tr>
          ) : null}
        </tbody>
      </table>
      {runId || modelId || source ? null : <p className="quiet">Nothing is known of it.</p>}
    </section>
  );
}
