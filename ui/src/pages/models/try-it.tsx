// A request for the scoring server: written here, sent elsewhere, as these pages reach no other host.
import { useMemo, useState } from "react";
import { CopyButton } from "../../components/copy";
import {
  jsonOf,
  pythonOf,
  requestFor,
  rowIn,
  type Signature,
  shellQuoted,
} from "../../lib/signature";

const HOST = "http://127.0.0.1:5001";

interface TryItProps {
  uri: string; // of the model
  signature: Signature;
  example: string | undefined; // a request that was saved with the model
}

export function TryIt({ uri, signature, example }: TryItProps) {
  const start = useMemo(() => first(example, signature), [example, signature]);
  const [text, setText] = useState(start);
  const [before, remember] = useState(start);
  if (before !== start) {
    // The example arrived: it takes the place of what was made up.
    remember(start);
    if (text === before) setText(start);
  }
  const [host, setHost] = useState(HOST);
  let request: unknown;
  let wrong = "";
  try {
    request = JSON.parse(text);
  } catch (error) {
    wrong = error instanceof Error ? error.message : String(error);
  }
  const port = /:(\d+)/.exec(host)?.[1] ?? "5001";
  const url = `${host.replace(/\/+$/, "")}/invocations`;
  return (
    <div className="try">
      <section className="dialog">
        <h2>Request</h2>
        <Row request={request} onChange={(next) => setText(jsonOf(next))} />
        <label>
          JSON
          <textarea
            className="field area mono"
            rows={12}
            spellCheck={false}
            aria-invalid={wrong ? true : undefined}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        {wrong ? (
          <p className="bad" role="alert">
            {wrong}
          </p>
        ) : null}
        <div className="line">
          <button type="button" className="button" onClick={() => setText(start)}>
            Start anew
          </button>
          <span className="quiet">
            {example ? "From the example saved with the model." : "Made up from the signature."}
          </span>
        </div>
      </section>
      <section className="dialog">
        <h2>Send it</h2>
        <label>
          Scoring server
          <input
            className="field mono"
            value={host}
            onChange={(event) => setHost(event.target.value)}
          />
        </label>
        <Lines
          title="Serve the model"
          text={`mlflow models serve -m ${shellQuoted(uri)} -p ${port}`}
        />
        {wrong ? null : (
          <>
            <Lines
              title="curl"
              text={`curl ${shellQuoted(url)} \\\n  -H 'Content-Type: application/json' \\\n  -d ${shellQuoted(JSON.stringify(request))}`}
            />
            <Lines
              title="Python"
              text={`import requests\n\nanswer = requests.post(\n    ${JSON.stringify(url)},\n    json=${pythonOf(request, "    ")},\n)\nprint(answer.json())`}
            />
          </>
        )}
      </section>
    </div>
  );
}

function first(example: string | undefined, signature: Signature): string {
  if (example) {
    try {
      return jsonOf(JSON.parse(example));
    } catch {
      // No JSON, or only its beginning: the signature has to do.
    }
  }
  return jsonOf(requestFor(signature));
}

function Lines({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <div className="line">
        <span className="quiet">{title}</span>
        <CopyButton text={text} label={title} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keys */}
      <pre className="code" tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}

const MOST = 60; // fields that a form has

interface RowProps {
  request: unknown;
  onChange: (request: unknown) => void;
}

function Row({ request, onChange }: RowProps) {
  const found = rowIn(request);
  if (!found || found.columns.length > MOST) return null;
  const { columns, row } = found;
  const change = (at: number, text: string) => {
    const next = structuredClone(request) as { dataframe_split: { data: unknown[][] } };
    const [values] = next.dataframe_split.data;
    if (!values) return;
    values[at] = valueLike(row[at], text);
    onChange(next);
  };
  return (
    <fieldset className="try-row">
      <legend className="quiet">The first row</legend>
      {columns.map((name, at) => (
        <label key={name}>
          <span className="mono">{name}</span>
          <input
            className="field mono"
            value={row[at] === null || row[at] === undefined ? "" : String(row[at])}
            onChange={(event) => change(at, event.target.value)}
          />
        </label>
      ))}
    </fieldset>
  );
}

function valueLike(before: unknown, text: string): unknown {
  if (typeof before === "boolean") return text === "true" || (text === "false" ? false : text);
  const isNumber = text.trim() !== "" && Number.isFinite(Number(text)) && !/[.eE-]$/.test(text);
  return typeof before === "number" && isNumber ? Number(text) : text;
}
