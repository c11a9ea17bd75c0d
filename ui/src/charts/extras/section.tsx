// The charts of whole sets of runs: made, changed and taken away; loaded when there are any.
import { useMemo, useState } from "react";
import { useRowsWith } from "../../api/run-values";
import { Icon } from "../../components/icons";
import { PopupButton } from "../../components/popup-button";
import type { Extra } from "../../lib/layout";
import { columnNamed, columnOf } from "../../lib/runset";
import type { Board } from "../board";
import { useChartKeys } from "../use-keys";
import { KINDS } from "./kinds";
import { Parallel } from "./parallel";
import { Scatter } from "./scatter";
import { Boxes, Importance, MetricBars } from "./tables";

const SHOWN = 300; // fields to choose from, until one types
const MOST_PARAMS = 40; // whose importance is weighed

export default function Extras({ board }: { board: Board }) {
  const { layout } = board;
  return (
    <details className="section" open>
      <summary>
        Charts of all runs <span>{layout.extras.length}</span>
      </summary>
      <div className="cards extras">
        {layout.extras.map((extra) => (
          <ExtraCard key={extra.id} extra={extra} board={board} />
        ))}
      </div>
    </details>
  );
}

function ExtraCard({ extra, board }: { extra: Extra; board: Board }) {
  const { layout, change } = board;
  const kind = KINDS[extra.kind];
  const keys = useChartKeys(board);
  const metrics = useMemo(
    () => board.metrics.map((key) => columnOf("metrics", key).id),
    [board.metrics],
  );
  const params = useMemo(
    () => keys.filter((key) => key.startsWith("params.")).slice(0, MOST_PARAMS),
    [keys],
  );
  const wanted = useMemo(
    () => (extra.kind === "importance" ? [...extra.fields, ...params] : extra.fields),
    [extra.kind, extra.fields, params],
  );
  const rows = useRowsWith(board, wanted);
  const put = (changes: Partial<Extra>) =>
    change({
      extras: layout.extras.map((one) => (one.id === extra.id ? { ...one, ...changes } : one)),
    });
  const onOption = (options: Record<string, string | number | boolean>) =>
    put({ options: { ...extra.options, ...options } });
  if (!kind) return null;
  const shared = { extra, rows: rows ?? [], board, onOption };
  const names = extra.fields.map((field) => columnNamed(field)?.key ?? field);
  const title = `${kind.title}: ${names.join(", ")}`;
  return (
    <article className="card" aria-label={kind.title} aria-busy={rows ? undefined : true}>
      <header>
        <h2 title={title}>{title}</h2>
        <FieldsMenu
          extra={extra}
          keys={keys}
          metrics={metrics}
          onFields={(fields) => put({ fields })}
        />
        <button
          type="button"
          className="tool"
          aria-label={`Remove ${kind.title}`}
          title="Remove (Ctrl+Z brings it back)"
          onClick={() => change({ extras: layout.extras.filter((one) => one.id !== extra.id) })}
        >
          <Icon name="cross" size={14} />
        </button>
      </header>
      {extra.kind === "parallel" ? (
        <Parallel {...shared} onFields={(fields) => put({ fields })} />
      ) : extra.kind === "importance" ? (
        <Importance rows={shared.rows} metric={extra.fields[0] ?? ""} params={params} />
      ) : extra.kind === "bar" ? (
        <MetricBars {...shared} />
      ) : extra.kind === "box" ? (
        <Boxes {...shared} />
      ) : (
        <Scatter {...shared} />
      )}
    </article>
  );
}

interface FieldsProps {
  extra: Extra;
  keys: string[];
  metrics: string[];
  onFields: (fields: string[]) => void;
}

function FieldsMenu(props: FieldsProps) {
  const title = KINDS[props.extra.kind]?.title ?? "";
  return (
    <PopupButton
      popup="options"
      label={`Fields of ${title}`}
      text={<Icon name="dots" size={14} />}
      isTool
    >
      {() => <Fields {...props} />}
    </PopupButton>
  );
}

function Fields({ extra, keys, metrics, onFields }: FieldsProps) {
  const [find, setFind] = useState("");
  const kind = KINDS[extra.kind];
  const wanted = find.toLowerCase();
  const all = [...metrics, ...keys].filter((key) => key.toLowerCase().includes(wanted));
  if (!kind?.isOpen) {
    return (kind?.fields ?? []).map((field, at) => {
      const takes =
        field.takes === "metric" ? metrics : field.takes === "param" ? keys : [...metrics, ...keys];
      return (
        <label key={field.label} className="line">
          {field.label}
          <select
            className="field choice"
            value={extra.fields[at] ?? ""}
            onChange={(event) => {
              const next = [...extra.fields];
              next[at] = event.target.value;
              onFields(next.filter(Boolean));
            }}
          >
            {field.isOptional || !extra.fields[at] ? <option value="">None</option> : null}
            {takes.slice(0, SHOWN).map((key) => (
              <option key={key} value={key}>
                {key}
              </option>
            ))}
          </select>
        </label>
      );
    });
  }
  return (
    <>
      <input
        className="field"
        type="search"
        aria-label="Find fields"
        placeholder="Find fields"
        value={find}
        onChange={(event) => setFind(event.target.value)}
      />
      <ul className="picks">
        {all.slice(0, SHOWN).map((key) => (
          <li key={key}>
            <label className="line mono">
              <input
                type="checkbox"
                checked={extra.fields.includes(key)}
                onChange={(event) => {
                  const rest = extra.fields.filter((one) => one !== key);
                  onFields(event.target.checked ? [...rest, key] : rest);
                }}
              />
              {key}
            </label>
          </li>
        ))}
      </ul>
    </>
  );
}
