// What one can do with a card.
import { useState } from "react";
import { Icon } from "../components/icons";
import { PopupButton } from "../components/popup-button";
import type { Range } from "../lib/lines";
import { AxisChoice } from "./axis-choice";
import type { Board } from "./board";
import { saveCsv, savePng, saveSvg } from "./save";
import type { Drawn } from "./use-traces";

const SHOWN = 100; // metrics that one can add, until one types

interface MenuProps {
  metric: string;
  board: Board;
  drawn: Drawn;
  view: Range | undefined;
  onZoom: (x: Range | undefined, y: Range | undefined) => void;
  onMove?: (metric: string, by: number) => void; // among the cards of its section
}

export function CardMenu(props: MenuProps) {
  return (
    <PopupButton
      popup="options"
      label={`Options of ${props.metric}`}
      text={<Icon name="dots" size={14} />}
      isTool
    >
      {(close) => <Options {...props} close={close} />}
    </PopupButton>
  );
}

function Options(props: MenuProps & { close: () => void }) {
  const { metric, board, drawn, view, onZoom, onMove, close } = props;
  const { layout, change, look } = board;
  const mine = layout.cards[metric] ?? {};
  const isPinned = layout.pins.includes(metric);
  const [find, setFind] = useState("");
  const others = board.metrics.filter(
    (key) => key !== metric && key.toLowerCase().includes(find.toLowerCase()),
  );
  const frame = { label: metric, traces: drawn.traces, kind: drawn.kind, view, look: mine, layout };
  const act = (work: () => void) => () => {
    work();
    close();
  };
  return (
    <>
      <p className="mono">{metric}</p>
      <div className="line">
        <button
          type="button"
          className="button"
          onClick={act(() =>
            change({
              pins: isPinned
                ? layout.pins.filter((key) => key !== metric)
                : [...layout.pins, metric],
            }),
          )}
        >
          {isPinned ? "Unpin" : "Pin to the top"}
        </button>
        <button
          type="button"
          className="button"
          onClick={act(() => change({ hidden: [...layout.hidden, metric] }))}
        >
          Hide
        </button>
        <button type="button" className="button" onClick={act(() => look(metric, undefined))}>
          Reset
        </button>
        {onMove ? (
          <>
            <button type="button" className="button" onClick={() => onMove(metric, -1)}>
              Move back
            </button>
            <button type="button" className="button" onClick={() => onMove(metric, 1)}>
              Move on
            </button>
          </>
        ) : null}
      </div>
      <AxisChoice
        value={mine.x ?? ""}
        metrics={board.metrics}
        usual={`As all charts`}
        onChange={(x) => {
          const { x: _, rangeX: __, ...rest } = mine;
          look(metric, undefined);
          look(metric, x ? { ...rest, x } : rest);
        }}
      />
      <div className="line">
        <label className="line">
          <input
            type="checkbox"
            checked={mine.logX ?? layout.logX}
            onChange={(event) => look(metric, { logX: event.target.checked })}
          />
          Log x
        </label>
        <label className="line">
          <input
            type="checkbox"
            checked={mine.logY ?? layout.logY}
            onChange={(event) => look(metric, { logY: event.target.checked })}
          />
          Log y
        </label>
      </div>
      <RangeFields
        name="x"
        range={view}
        onChange={(x) => (x ? look(metric, { rangeX: x }) : onZoom(undefined, undefined))}
      />
      <RangeFields
        name="y"
        range={mine.rangeY}
        onChange={(y) => {
          const { rangeY: _, ...rest } = mine;
          look(metric, undefined);
          look(metric, y ? { ...rest, rangeY: y } : rest);
        }}
      />
      <div className="line">
        <span>Save as</span>
        <button type="button" className="button" onClick={act(() => savePng(frame))}>
          PNG
        </button>
        <button type="button" className="button" onClick={act(() => saveSvg(frame))}>
          SVG
        </button>
        <button type="button" className="button" onClick={act(() => saveCsv(frame))}>
          CSV
        </button>
      </div>
      <details>
        <summary>Add metrics to this chart</summary>
        <input
          className="field"
          type="search"
          aria-label="Find metrics to add"
          placeholder="Find metrics to add"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
        <ul className="picks">
          {others.slice(0, SHOWN).map((key) => (
            <li key={key}>
              <label className="line mono">
                <input
                  type="checkbox"
                  checked={mine.more?.includes(key) ?? false}
                  onChange={(event) => {
                    const rest = (mine.more ?? []).filter((one) => one !== key);
                    look(metric, { more: event.target.checked ? [...rest, key] : rest });
                  }}
                />
                {key}
              </label>
            </li>
          ))}
        </ul>
        {others.length > SHOWN ? (
          <p className="quiet">and {others.length - SHOWN} more: type to find them</p>
        ) : null}
      </details>
    </>
  );
}

interface FieldsProps {
  name: "x" | "y";
  range: Range | undefined;
  onChange: (range: Range | undefined) => void;
}

function RangeFields({ name, range, onChange }: FieldsProps) {
  const [low, setLow] = useState(range ? String(range[0]) : "");
  const [high, setHigh] = useState(range ? String(range[1]) : "");
  const put = (from: string, to: string) => {
    const [least, most] = [Number(from), Number(to)];
    if (!from && !to) onChange(undefined);
    else if (from && to && Number.isFinite(least) && Number.isFinite(most) && least < most)
      onChange([least, most]);
  };
  return (
    <fieldset className="line">
      <legend className="hidden-text">Range of {name}</legend>
      <span>{name} from</span>
      <input
        className="field range-field"
        inputMode="decimal"
        aria-label={`Least ${name}`}
        value={low}
        onChange={(event) => {
          setLow(event.target.value);
          put(event.target.value, high);
        }}
      />
      <span>to</span>
      <input
        className="field range-field"
        inputMode="decimal"
        aria-label={`Greatest ${name}`}
        value={high}
        onChange={(event) => {
          setHigh(event.target.value);
          put(low, event.target.value);
        }}
      />
    </fieldset>
  );
}
