// What a model takes and gives, as a table one can read.
import { isNeeded, type Signature, type Spec, typeText } from "../../lib/signature";
import type { useMlmodel } from "./mlmodel";

export function Schema({ read: { described, error } }: { read: ReturnType<typeof useMlmodel> }) {
  return (
    <section>
      <h2>Schema</h2>
      {described ? <Both signature={described.signature} /> : null}
      {error ? (
        <p className="quiet">The MLmodel file cannot be read here: {error.message}</p>
      ) : null}
    </section>
  );
}

function Both({ signature }: { signature: Signature }) {
  const { inputs, outputs, params } = signature;
  if (inputs.length + outputs.length + params.length === 0) {
    return (
      <p className="quiet">
        This model has no signature: it takes what its flavor takes. Log it with an input example,
        and it gets one.
      </p>
    );
  }
  return (
    <div className="facts">
      <Specs title="Inputs" specs={inputs} />
      <Specs title="Outputs" specs={outputs} />
      {params.length > 0 ? <Specs title="Params" specs={params} /> : null}
    </div>
  );
}

function Specs({ title, specs }: { title: string; specs: Spec[] }) {
  return (
    <section>
      <h3>
        {title} <span className="quiet">{specs.length}</span>
      </h3>
      <table className="pairs">
        <tbody>
          {specs.map((spec, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a schema does not change, and may name one twice
            <tr key={at}>
              <th scope="row" className="mono">
                {spec.name ?? <span className="quiet">{specs.length > 1 ? at : "not named"}</span>}
              </th>
              <td>
                {typeText(spec)}
                {isNeeded(spec) ? null : <span className="quiet"> optional</span>}
                {spec.default === undefined ? null : (
                  <span className="quiet"> {JSON.stringify(spec.default)} by default</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
