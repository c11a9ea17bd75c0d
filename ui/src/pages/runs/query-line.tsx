// The query line: what it finds is asked for as soon as it can be read; what is wrong is said in place.
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { useKeys, useValues } from "../../api/run-keys";
import { ATTRIBUTES, isNumeric, operatorsOf, parseFilter } from "../../lib/filter";
import { hintAt, keyBeingTyped } from "../../lib/filter-hints";
import { FilterError, quotedText } from "../../lib/filter-text";
import { best } from "../../lib/fuzzy";
import { columnOf } from "../../lib/runset";
import { useDebounced } from "../../state/debounced";

const SHOWN = 12; // hints
const STILL = 500; // milliseconds without a key until a query is asked

interface QueryLineProps {
  experimentIds: string[];
  value: string;
  onChange: (value: string) => void;
  error: Error | null; // of the server
  children?: ReactNode; // at the end of the line
}

/** Return what is wrong with a query, and where. */
function wrongIn(text: string): FilterError | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    return error instanceof FilterError ? error : undefined;
  }
}

export function QueryLine({ experimentIds, value, onChange, error, children }: QueryLineProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [before, remember] = useState(value);
  const [cursor, setCursor] = useState(0);
  const [isOpen, open] = useState(false);
  const [at, move] = useState(-1);
  const [asked, ask] = useState(false); // whether Enter was pressed on what stands there
  if (before !== value) {
    remember(value);
    if (value !== text.trim()) setText(value);
  }
  const wrong = useMemo(() => wrongIn(text), [text]);
  const still = useDebounced(text, STILL);
  useEffect(() => {
    if (still === text && still.trim() !== value && !wrongIn(still)) onChange(still.trim());
  }, [still, text, value, onChange]);
  const hints = useHints(experimentIds, text, cursor, isOpen);
  const isHalf = wrong !== undefined && wrong.position >= text.trimEnd().length;
  // What is not yet finished is no mistake while one types on.
  const said =
    wrong && (asked || !isOpen || !isHalf)
      ? wrong.message
      : !wrong && error && value
        ? error.message
        : "";
  const take = (hint: Hint) => {
    const next = `${text.slice(0, hint.from)}${hint.text}${text.slice(cursor)}`;
    const place = hint.from + hint.text.length;
    setText(next);
    setCursor(place);
    move(-1);
    ask(false);
    window.requestAnimationFrame(() => field.current?.setSelectionRange(place, place));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const hint = isOpen ? hints[at] : undefined;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      open(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (hints.length > 0)
        move((at + step + hints.length + (at < 0 && step < 0 ? 1 : 0)) % hints.length);
    } else if (event.key === "Enter" || (event.key === "Tab" && hint)) {
      if (hint) take(hint);
      else {
        ask(true);
        open(false);
        if (!wrong) onChange(text.trim());
      }
    } else if (event.key === "Escape" && isOpen) open(false);
    else return;
    event.preventDefault();
  };
  return (
    <div className="query">
      <input
        ref={field}
        className="field mono"
        role="combobox"
        aria-label="Query"
        aria-expanded={isOpen && hints.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && hints[at] ? `${id}-${at}` : undefined}
        aria-invalid={said ? true : undefined}
        aria-describedby={said ? `${id}-said` : undefined}
        placeholder={"metrics.loss < 0.1 and params.model = 'tree'"}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setCursor(event.target.selectionStart ?? event.target.value.length);
          open(true);
          move(-1);
          ask(false);
          if (!event.target.value) onChange("");
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => open(true)}
        onBlur={() => open(false)}
        onKeyDown={onKeyDown}
      />
      {children}
      {said ? (
        <div className="query-said" id={`${id}-said`} role="alert">
          {wrong ? <Place text={text} position={wrong.position} /> : null}
          <p>{said}</p>
        </div>
      ) : null}
      <div
        id={id}
        role="listbox"
        aria-label="What may follow"
        className="hints"
        hidden={!isOpen || hints.length === 0}
      >
        {hints.map((hint, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div
            key={hint.text}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            className="query-hint mono"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(hint)}
          >
            {hint.text.trim()}
            {hint.note ? <span className="quiet">{hint.note}</span> : null}
          </div>
        ))}
      </div>
    </div>
  );
}

/** The query with a sign below the place that is wrong. */
function Place({ text, position }: { text: string; position: number }) {
  const start = Math.max(0, position - 40);
  return (
    <pre aria-hidden="true">
      {start > 0 ? "…" : ""}
      {text.slice(start, position)}
      <mark>{text.slice(position, position + 1) || " "}</mark>
      {text.slice(position + 1, position + 20)}
    </pre>
  );
}

interface Hint {
  text: string; // what is put there
  from: number;
  note?: string;
}

function useHints(experimentIds: string[], text: string, cursor: number, isOpen: boolean): Hint[] {
  const hint = useMemo(() => hintAt(text, cursor), [text, cursor]);
  const { wants, from, typed, field } = hint;
  const { kind, part } = keyBeingTyped(typed);
  const sought = useDebounced(wants === "field" ? part : "");
  const { data: keys } = useKeys(experimentIds, sought, {
    kind,
    enabled: isOpen && wants === "field",
  });
  const hasValues =
    wants === "value" &&
    field &&
    (field.kind === "params" || field.kind === "tags" || field.key === "user_id");
  const column = useMemo(
    () =>
      hasValues && field && field.kind !== "datasets" ? columnOf(field.kind, field.key) : undefined,
    [hasValues, field],
  );
  const { data: values } = useValues(experimentIds, isOpen ? column : undefined);
  return useMemo(() => {
    const offer = (texts: string[], notes: string[] = []): Hint[] =>
      texts.map((one, at) => ({ text: one, from, ...(notes[at] ? { note: notes[at] } : {}) }));
    if (wants === "join") return offer(["AND ", "OR ", ")"]).slice(0, 3);
    if (wants === "and") return offer(["AND "]);
    if (wants === "list") return offer(["("]);
    if (wants === "comma") return offer([", ", ")"]);
    if (wants === "operator") {
      const all = field ? operatorsOf(field) : ["=", "!="];
      return offer(
        best(typed, all, (one) => one).map((one) => (one.endsWith("NULL") ? one : `${one} `)),
      );
    }
    if (wants === "value") {
      if (field && isNumeric(field)) return [];
      const known =
        field?.key === "status" && field.kind === "attributes"
          ? ["FINISHED", "RUNNING", "FAILED", "KILLED", "SCHEDULED"]
          : (values ?? []);
      return offer(
        best(typed.replaceAll("'", ""), known, (one) => one)
          .slice(0, SHOWN)
          .map((one) => `${quotedText(one)} `),
      );
    }
    const found = (keys?.keys ?? [])
      .filter((one) => !one.key.startsWith("mlflow."))
      .map((one) => `${columnOf(one.kind, one.key).id} `);
    const attributes = ATTRIBUTES.map((one) => `attributes.${one} `);
    const all = kind ? found : [...found, ...attributes];
    return offer(best(typed, all, (one) => one).slice(0, SHOWN));
  }, [wants, from, typed, field, keys, values, kind]);
}
