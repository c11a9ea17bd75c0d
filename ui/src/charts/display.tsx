// How all charts are drawn: what one changes now and then, behind one button.
import { useId } from "react";
import { PopupButton } from "../components/popup-button";
import { type Layout, USUAL } from "../lib/layout";
import type { Smoothing } from "../lib/smoothing";
import { AxisChoice } from "./axis-choice";
import type { Board } from "./board";
import { useChartKeys } from "./use-keys";

const SMOOTHING_NAMES: Record<Smoothing, string> = {
  time: "Time-weighted average",
  ema: "Moving average",
  gaussian: "Gaussian",
  average: "Running average",
};

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: Record<T, string>;
  onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className="line">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="field choice"
        value={value}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {Object.entries<string>(options).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Display({ board }: { board: Board }) {
  return (
    <PopupButton popup="options" label="Display of charts" text="Display">
      {() => <Choices board={board} />}
    </PopupButton>
  );
}

function Choices({ board }: { board: Board }) {
  const { layout, change } = board;
  const keys = useChartKeys(board);
  const tick = (name: keyof Layout & ("logX" | "logY" | "raw" | "calm"), text: string) => (
    <label className="line">
      <input
        type="checkbox"
        checked={layout[name]}
        onChange={(event) => change({ [name]: event.target.checked })}
      />
      {text}
    </label>
  );
  return (
    <>
      <AxisChoice
        value={layout.x}
        metrics={board.metrics}
        onChange={(x) => change({ x, zoom: {}, cards: withoutRanges(layout.cards) })}
      />
      <div className="line">
        {tick("logX", "Log x")}
        {tick("logY", "Log y")}
        {tick("calm", "Ignore outliers")}
      </div>
      <Choice
        label="Smoothing"
        value={layout.smoothing}
        options={SMOOTHING_NAMES}
        onChange={(smoothing) => change({ smoothing })}
      />
      <div className="line">{tick("raw", "Original line behind the smoothed one")}</div>
      <Choice
        label="Shade min to max"
        value={layout.band}
        options={{ few: "Where lines are few", all: "Of every line", none: "Never" }}
        onChange={(band) => change({ band })}
      />
      <Choice
        label="Zoom together"
        value={layout.link}
        options={{ card: "Each chart alone", section: "Charts of a section", all: "All charts" }}
        onChange={(link) => change({ link })}
      />
      <Choice
        label="Sections by"
        value={layout.sections}
        options={{ last: "Last /", first: "First /" }}
        onChange={(sections) => change({ sections })}
      />
      <KeyChoice
        label="Colour by"
        keys={keys}
        chosen={layout.color}
        onChange={(color) => change({ color })}
      />
      <KeyChoice
        label="Dash by"
        keys={keys}
        chosen={layout.dash}
        onChange={(dash) => change({ dash })}
      />
      <KeyChoice
        label="Facets by"
        keys={keys}
        chosen={layout.facet}
        onChange={(facet) => change({ facet })}
      />
      <Choice
        label="Groups as"
        value={layout.area}
        options={{
          none: "Lines of their runs",
          std: "Mean ± standard deviation",
          se: "Mean ± standard error",
          ci: "Mean, 95 % confidence",
          range: "Mean, min to max",
        }}
        onChange={(area) => change({ area })}
      />
      {layout.area === "none" ? null : (
        <Choice
          label="Their line"
          value={layout.trend}
          options={{ mean: "Mean", min: "Min", max: "Max" }}
          onChange={(trend) => change({ trend })}
        />
      )}
      {layout.hidden.length ? (
        <details>
          <summary>Hidden charts ({layout.hidden.length})</summary>
          <ul className="picks">
            {layout.hidden.map((key) => (
              <li key={key} className="line">
                <span className="mono grow">{key}</span>
                <button
                  type="button"
                  className="plain"
                  onClick={() => change({ hidden: layout.hidden.filter((one) => one !== key) })}
                >
                  Show
                </button>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <button type="button" className="button" onClick={() => change(USUAL)}>
        Reset all charts
      </button>
    </>
  );
}

interface KeyProps {
  label: string;
  keys: string[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

function KeyChoice({ label, keys, chosen, onChange }: KeyProps) {
  const id = useId();
  return (
    <div className="line">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="field choice"
        value=""
        onChange={(event) => onChange([...chosen, event.target.value])}
      >
        <option value="">{chosen.length ? "and by …" : "Nothing"}</option>
        {keys
          .filter((key) => !chosen.includes(key))
          .map((key) => (
            <option key={key} value={key}>
              {key}
            </option>
          ))}
      </select>
      {chosen.map((key) => (
        <button
          key={key}
          type="button"
          className="chip"
          aria-label={`No longer ${label.toLowerCase()} ${key}`}
          onClick={() => onChange(chosen.filter((one) => one !== key))}
        >
          {key} ×
        </button>
      ))}
    </div>
  );
}

function withoutRanges(cards: Layout["cards"]): Layout["cards"] {
  return Object.fromEntries(
    Object.entries(cards).map(([key, { rangeX: _, ...rest }]) => [key, rest]),
  );
}
