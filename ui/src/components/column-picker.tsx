// Which columns a table shows and in what order. Keys are asked for as they are sought, never all.
import { useMemo, useRef, useState } from "react";
import { useKeys } from "../api/run-keys";
import { best } from "../lib/fuzzy";
import { type Column, columnOf } from "../lib/runset";
import { longestWord } from "../lib/sought";
import { useDebounced } from "../state/debounced";
import { PopupButton } from "./popup-button";
import { Search } from "./search";

interface PickerProps {
  experimentIds: string[];
  attributes: readonly string[];
  chosen: Column[];
  stuck: ReadonlySet<string>;
  isAutomatic: boolean;
  differs: boolean;
  onChoose: (columns: Column[] | undefined) => void;
  onStick: (stuck: ReadonlySet<string>) => void;
  onDiffers: (differs: boolean) => void;
}

export function ColumnPicker(props: PickerProps) {
  return (
    <PopupButton label="Columns" text="Columns">
      {() => <PickerForm {...props} />}
    </PopupButton>
  );
}

function PickerForm(props: PickerProps) {
  const { experimentIds, attributes, chosen, stuck, isAutomatic, differs } = props;
  const { onChoose, onStick, onDiffers } = props;
  const [find, setFind] = useState("");
  const sought = useDebounced(find);
  const { data, isFetching } = useKeys(experimentIds, longestWord(sought));
  const ids = new Set(chosen.map((one) => one.id));
  const hidden = useMemo(() => {
    const all = [
      ...attributes.map((key) => columnOf("attributes", key)),
      ...(data?.keys ?? []).map(({ kind, key }) => columnOf(kind, key)),
    ];
    const usual = find ? all : all.filter((one) => !one.key.startsWith("mlflow."));
    return best(find, usual, (one) => one.id);
  }, [data, find, attributes]);
  const shown = best(find, chosen, (one) => one.id);
  const isSought = find.trim() !== "";
  const more = (data?.total ?? 0) - (data?.keys.length ?? 0);
  const moving = useRef<string>(undefined);
  const move = (id: string, before: string) => {
    const column = chosen.find((one) => one.id === id);
    if (!column || id === before) return;
    const rest = chosen.filter((one) => one.id !== id);
    const from = chosen.indexOf(column);
    const to = chosen.findIndex((one) => one.id === before);
    const place = rest.findIndex((one) => one.id === before) + (from < to ? 1 : 0);
    onChoose([...rest.slice(0, place), column, ...rest.slice(place)]);
  };
  return (
    <>
      <Search what="Find metrics and params" value={find} onChange={setFind} className="" />
      <label className="line">
        <input
          type="checkbox"
          checked={isAutomatic}
          onChange={(event) => onChoose(event.target.checked ? undefined : chosen)}
        />
        Those in which the runs differ most
      </label>
      <label className="line">
        <input
          type="checkbox"
          checked={differs}
          onChange={(event) => onDiffers(event.target.checked)}
        />
        Only columns that differ among the runs
      </label>
      <h2>Visible</h2>
      <ul className="picks">
        {shown.map((column, at) => (
          <Pick
            key={column.id}
            column={column}
            isOn
            isStuck={stuck.has(column.id)}
            onToggle={() => onChoose(chosen.filter((one) => one.id !== column.id))}
            onStick={() => {
              const next = new Set(stuck);
              if (!next.delete(column.id)) next.add(column.id);
              onStick(next);
            }}
            {...(isSought
              ? {}
              : {
                  onUp: at > 0 ? () => move(column.id, shown[at - 1]?.id ?? "") : undefined,
                  onDown:
                    at < shown.length - 1
                      ? () => move(column.id, shown[at + 1]?.id ?? "")
                      : undefined,
                  onDrag: () => {
                    moving.current = column.id;
                  },
                  onDrop: () => {
                    if (moving.current) move(moving.current, column.id);
                  },
                })}
          />
        ))}
      </ul>
      <h2>Hidden</h2>
      <ul className="picks" aria-busy={isFetching}>
        {hidden.map((column) =>
          ids.has(column.id) ? null : (
            <Pick key={column.id} column={column} onToggle={() => onChoose([...chosen, column])} />
          ),
        )}
      </ul>
      {more > 0 ? (
        <p className="quiet">and {more.toLocaleString("en")} more: type to find them</p>
      ) : null}
    </>
  );
}

interface PickProps {
  column: Column;
  isOn?: boolean;
  isStuck?: boolean;
  onToggle: () => void;
  onStick?: () => void;
  onUp?: (() => void) | undefined;
  onDown?: (() => void) | undefined;
  onDrag?: () => void;
  onDrop?: () => void;
}

function Pick(props: PickProps) {
  const { column, isOn = false, isStuck = false, onToggle, onStick, onUp, onDown } = props;
  return (
    <li
      className="pick"
      draggable={props.onDrag !== undefined}
      onDragStart={props.onDrag}
      onDragOver={(event) => {
        if (props.onDrop) event.preventDefault();
      }}
      onDrop={props.onDrop}
    >
      <label className="line mono grow">
        <input type="checkbox" checked={isOn} onChange={onToggle} />
        {column.id}
      </label>
      {onUp ? <Small what={`Move ${column.id} up`} text="↑" onClick={onUp} /> : null}
      {onDown ? <Small what={`Move ${column.id} down`} text="↓" onClick={onDown} /> : null}
      {onStick ? (
        <Small
          what={`Keep ${column.id} in sight`}
          text={isStuck ? "⚑" : "⚐"}
          isOn={isStuck}
          onClick={onStick}
        />
      ) : null}
    </li>
  );
}

function Small({
  what,
  text,
  isOn,
  onClick,
}: {
  what: string;
  text: string;
  isOn?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      className="quiet-button"
      aria-label={what}
      title={what}
      aria-pressed={isOn}
      onClick={onClick}
    >
      {text}
    </button>
  );
}
