// Pictures that were logged by key and step: a slider, and up to four steps side by side.

import { useFiles } from "../../api/queries";
import { nearest, type Point, seriesOf } from "../../lib/series";
import { useField } from "../../state/location";
import { Failed, Loading, Note } from "../notes";
import { Picture, useLook } from "./image";

const SIDES = 4;

export function Series({ runId }: { runId: string }) {
  const { data, error, refetch } = useFiles(runId, "images");
  const { className, tools } = useLook();
  const [key, setKey] = useField("key");
  const [at, setAt] = useField("at");
  if (error) return <Failed error={error} again={refetch} />;
  if (!data) return <Loading />;
  const series = seriesOf(data.map((file) => file.path ?? ""));
  if (series.size === 0) {
    return (
      <Note title="No series of images">
        <pre>{'mlflow.log_image(array, key="samples", step=10)'}</pre>
      </Note>
    );
  }
  const steps = [...new Set([...series.values()].flat().map((point) => point.step))].sort(
    (a, b) => a - b,
  );
  const last = steps.at(-1) ?? 0;
  // Without a choice the last step is shown: it stays the last one as more come.
  const sides = at ? at.split(",").map(Number).filter(Number.isFinite) : [last];
  const put = (side: number, step: number) =>
    setAt(sides.map((one, place) => (place === side ? step : one)).join(","));
  const place = steps.indexOf(sides[0] ?? last);
  const keys = [...series.keys()].filter((one) => !key || one === key);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its keys move the slider that is in it
    <div
      className="padded"
      onKeyDown={(event) => {
        const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (!by || !event.ctrlKey) return;
        event.preventDefault();
        put(0, steps[Math.min(steps.length - 1, Math.max(0, place + by))] ?? last);
      }}
    >
      <div className="line">
        {series.size > 1 ? (
          <select
            className="field short"
            aria-label="Key"
            value={key}
            onChange={(event) => setKey(event.target.value)}
          >
            <option value="">all {series.size} keys</option>
            {[...series.keys()].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        ) : null}
        {tools}
        <button
          type="button"
          className="button"
          disabled={sides.length >= SIDES}
          onClick={() => setAt([...sides, steps[0] ?? 0].join(","))}
        >
          Compare with another step
        </button>
      </div>
      <div
        className="sides"
        style={{ gridTemplateColumns: `repeat(${sides.length}, minmax(0, 1fr))` }}
      >
        {sides.map((step, side) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two sides may show one step
          <section key={side} aria-label={`Side ${side + 1}`} className="side">
            <Steps steps={steps} step={step} onStep={(one) => put(side, one)} side={side + 1}>
              {sides.length > 1 ? (
                <button
                  type="button"
                  className="plain"
                  onClick={() => setAt(sides.filter((_, place) => place !== side).join(","))}
                >
                  Close
                </button>
              ) : null}
            </Steps>
            {keys.map((one) => (
              <Named
                key={one}
                name={one}
                point={nearest(series.get(one) ?? [], step)}
                wanted={step}
                runId={runId}
                className={className}
                side={side + 1}
              />
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

interface StepsProps {
  steps: number[];
  step: number;
  side: number;
  onStep: (step: number) => void;
  children: React.ReactNode;
}

function Steps({ steps, step, side, onStep, children }: StepsProps) {
  const place = Math.max(0, steps.indexOf(step));
  return (
    <div className="line">
      <label className="line stretch">
        Step
        <input
          type="range"
          min={0}
          max={steps.length - 1}
          value={place}
          aria-valuetext={`Step ${step}`}
          aria-label={`Step of side ${side}`}
          onChange={(event) => onStep(steps[Number(event.target.value)] ?? 0)}
        />
      </label>
      <strong>{step}</strong>
      {children}
    </div>
  );
}

interface NamedProps {
  name: string;
  point: Point | undefined;
  wanted: number;
  runId: string;
  className: string;
  side: number;
}

function Named({ name, point, wanted, runId, className, side }: NamedProps) {
  if (!point) return null;
  return (
    <figure>
      <figcaption className="mono">
        {name}
        {point.step === wanted ? null : <span className="quiet"> (of step {point.step})</span>}
      </figcaption>
      <Picture
        source={{ runId, path: point.path }}
        alt={`${name} at step ${point.step}`}
        className={className}
        label={`Picture of ${name}, side ${side}`}
      />
    </figure>
  );
}
