// How runs are shown: grouped, nested, whose, which; behind one button.
import { useId } from "react";
import { useValues } from "../../api/run-keys";
import { KeyField } from "../../components/key-field";
import { PopupButton } from "../../components/popup-button";
import { titleOf } from "../../lib/column-names";
import { columnOf, type Kind } from "../../lib/runset";
import type { View } from "../../lib/view";
import type { Format } from "./batch";

const GROUPED_BY: Kind[] = ["params", "tags", "attributes"];
const ATTRIBUTES = ["status", "user_id", "run_name"] as const;
const EXPORTS: [Format, string][] = [
  ["csv", "CSV"],
  ["parquet", "Parquet"],
  ["markdown", "Copy Markdown"],
];
const USER = columnOf("attributes", "user_id");

interface ArrangeProps {
  experimentIds: string[];
  view: View;
  change: (part: Partial<View>) => void;
  spread: string;
  onSpread: (spread: string) => void;
  onExport: (format: Format) => void;
}

export function Arrange(props: ArrangeProps) {
  const { group, mine, failed, archived } = props.view;
  const active = group.length + (mine ? 1 : 0) + (failed ? 0 : 1) + (archived ? 1 : 0);
  return (
    <PopupButton
      label="Arrange"
      text={<>Arrange{active > 0 ? <span className="badge">{active}</span> : null}</>}
    >
      {() => <ArrangeForm {...props} />}
    </PopupButton>
  );
}

function ArrangeForm(props: ArrangeProps) {
  const { experimentIds, view, change, spread, onSpread, onExport } = props;
  const id = useId();
  const { data: users } = useValues(experimentIds, USER);
  const { group } = view;
  return (
    <>
      <h2 id={id}>Group by</h2>
      <ul className="picks">
        {group.map((column, at) => (
          <li key={column.id} className="pick">
            <span className="grow">{titleOf(column)}</span>
            {at > 0 ? (
              <button
                type="button"
                className="quiet-button"
                aria-label={`Group by ${column.key} before`}
                onClick={() => {
                  const next = group.filter((one) => one !== column);
                  next.splice(at - 1, 0, column);
                  change({ group: next, open: new Set() });
                }}
              >
                ↑
              </button>
            ) : null}
            <button
              type="button"
              className="quiet-button"
              aria-label={`Do not group by ${column.key}`}
              onClick={() =>
                change({ group: group.filter((one) => one !== column), open: new Set() })
              }
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
      <KeyField
        label="Add a param, tag or attribute"
        experimentIds={experimentIds}
        kinds={GROUPED_BY}
        attributes={ATTRIBUTES}
        clears
        onChoose={(column) => {
          if (group.some((one) => one.id === column.id)) return;
          change({ group: [...group, column], open: new Set() });
        }}
      />
      {group.length > 0 ? (
        <label className="line">
          Beside the mean
          <select
            className="field setting"
            value={spread}
            onChange={(event) => onSpread(event.target.value)}
          >
            <option value="">95 % confidence</option>
            <option value="std">Standard deviation</option>
            <option value="range">Min and max</option>
          </select>
        </label>
      ) : null}
      <h2>Runs</h2>
      <label className="line">
        Child runs
        <select
          className="field"
          value={view.nest}
          disabled={group.length > 0}
          onChange={(event) =>
            change({ nest: event.target.value as View["nest"], open: new Set() })
          }
        >
          <option value="open">Below their parents</option>
          <option value="closed">Below their parents, closed</option>
          <option value="flat">Among the others</option>
        </select>
      </label>
      <label className="line">
        <input
          type="checkbox"
          checked={!view.failed}
          onChange={(event) => change({ failed: !event.target.checked })}
        />
        Hide failed and killed runs
      </label>
      <label className="line">
        <input
          type="checkbox"
          checked={view.archived}
          onChange={(event) => change({ archived: event.target.checked })}
        />
        Archived runs
      </label>
      <label className="line">
        Only runs of
        <select
          className="field setting"
          value={view.mine}
          onChange={(event) => change({ mine: event.target.value })}
        >
          <option value="">everybody</option>
          {[...new Set([...(view.mine ? [view.mine] : []), ...(users ?? [])])].map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <h2>Export all of them</h2>
      <div className="group">
        {EXPORTS.map(([format, text]) => (
          <button key={format} type="button" className="button" onClick={() => onExport(format)}>
            {text}
          </button>
        ))}
      </div>
    </>
  );
}
