// A field for the name of a metric, param, tag or attribute, completed with those that runs have.
import { useId, useState } from "react";
import { useKeys } from "../api/run-keys";
import { ATTRIBUTES } from "../lib/filter";
import { type Column, columnNamed, columnOf, type Kind } from "../lib/runset";
import { useDebounced } from "../state/debounced";

interface KeyFieldProps {
  label: string;
  experimentIds: string[];
  kinds: Kind[];
  attributes?: readonly string[];
  value?: Column | undefined;
  onChoose: (column: Column) => void;
  clears?: boolean; // empty again after a choice
}

export function KeyField(props: KeyFieldProps) {
  const { label, experimentIds, kinds, attributes = ATTRIBUTES, value, onChoose, clears } = props;
  const id = useId();
  const [text, setText] = useState(value?.id ?? "");
  const [before, remember] = useState(value?.id);
  if (before !== value?.id) {
    remember(value?.id);
    setText(value?.id ?? "");
  }
  const named = columnNamed(text);
  const part = useDebounced(named?.key ?? text.replace(/^\w+\./, ""));
  const { data } = useKeys(experimentIds, part);
  const found = [
    ...(kinds.includes("attributes") ? attributes : []).map((key) => columnOf("attributes", key)),
    ...(data?.keys ?? [])
      .filter((one) => kinds.includes(one.kind) && !one.key.startsWith("mlflow."))
      .map((one) => columnOf(one.kind, one.key)),
  ];
  const choose = (given: string) => {
    const column =
      columnNamed(given) ??
      found.find((one) => one.key === given) ??
      found.find((one) => one.id === given);
    if (!column || !kinds.includes(column.kind)) return false;
    onChoose(column);
    setText(clears ? "" : column.id);
    return true;
  };
  return (
    <>
      <input
        className="field mono"
        list={id}
        aria-label={label}
        placeholder={label}
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          // A choice from the list arrives whole; what is typed waits for Enter or for leaving.
          if (found.some((one) => one.id === event.target.value)) choose(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && choose(text)) event.preventDefault();
        }}
        onBlur={() => {
          if (text && !choose(text)) setText(value?.id ?? "");
        }}
      />
      <datalist id={id}>
        {found.map((one) => (
          <option key={one.id} value={one.id} />
        ))}
      </datalist>
    </>
  );
}
