// Everything by its name: pages, actions, experiments, runs, models. Loaded when it is first opened.
import { useQuery } from "@tanstack/react-query";
import { useId, useMemo, useRef, useState } from "react";
import { call } from "../api/client";
import { useExperiments } from "../api/experiments";
import { best } from "../lib/fuzzy";
import { like } from "../lib/searching";
import { useDebounced } from "../state/debounced";
import { hrefOf } from "../state/location";
import { changeSettings } from "../state/settings";
import { Icon } from "./icons";
import { share } from "./share";

const SHOWN = 8; // of each kind
const AMONG = 100; // experiments whose runs are looked through: those that changed last
const ID = /^[0-9a-f]{32}$/;

interface Entry {
  id: string;
  group: string;
  text: string;
  hint?: string | undefined;
  icon?: "experiments" | "models" | "play" | "settings" | undefined;
  do: () => void;
}

interface PaletteProps {
  close: () => void;
  openList: () => void;
}

const go = (href: string) => () => {
  window.location.hash = href;
};

function actions(openList: () => void): Entry[] {
  const all: [text: string, hint: string, act: () => void][] = [
    ["Experiments", "g e", go("#/experiments")],
    ["Models", "g m", go("#/models")],
    ["Settings", "g s", go("#/settings")],
    ["New experiment", "", go("#/experiments?new=1")],
    ["New registered model", "", go("#/models?new=1")],
    ["Archived experiments", "", go("#/experiments?view=archived")],
    ["Copy a link to this view", "", () => void share()],
    ["Light theme", "", () => changeSettings({ theme: "light" })],
    ["Dark theme", "", () => changeSettings({ theme: "dark" })],
    ["Theme of the system", "", () => changeSettings({ theme: "system" })],
    ["Compact rows", "", () => changeSettings({ density: "compact" })],
    ["Comfortable rows", "", () => changeSettings({ density: "comfortable" })],
    ["Keys", "?", openList],
  ];
  return all.map(([text, hint, act]) => ({
    id: `do ${text}`,
    group: "Pages and actions",
    text,
    hint,
    icon: "settings",
    do: act,
  }));
}

function useFound(sought: string, openList: () => void): { entries: Entry[]; isBusy: boolean } {
  const still = useDebounced(sought.trim());
  const { data: experiments } = useExperiments();
  const among = useMemo(
    () => (experiments ?? []).slice(0, AMONG).map((one) => one.experiment_id ?? ""),
    [experiments],
  );
  const models = useQuery({
    queryKey: ["find models", still],
    enabled: still !== "",
    queryFn: async ({ signal }) =>
      (
        await call(
          "GET /api/2.0/mlflow/registered-models/search",
          { filter: like("name", still), max_results: SHOWN },
          signal,
        )
      ).registered_models ?? [],
  });
  const runs = useQuery({
    queryKey: ["find runs", still, among],
    enabled: still !== "" && among.length > 0,
    queryFn: async ({ signal }) =>
      (
        await call(
          "POST /api/2.0/mlflow/runs/search",
          {
            experiment_ids: among,
            filter: ID.test(still)
              ? `attributes.run_id = '${still}'`
              : like("attributes.run_name", still),
            max_results: SHOWN,
          },
          signal,
        )
      ).runs ?? [],
  });
  const names = useMemo(
    () => new Map((experiments ?? []).map((one) => [one.experiment_id, one.name])),
    [experiments],
  );
  const entries = useMemo(() => {
    const nameOf = (one: { name?: string }) => one.name ?? "";
    const found: Entry[] = [];
    for (const one of best(sought, experiments ?? [], nameOf).slice(0, SHOWN)) {
      found.push({
        id: `experiment ${one.experiment_id}`,
        group: "Experiments",
        text: nameOf(one),
        icon: "experiments",
        do: go(`#/experiments/${one.experiment_id}`),
      });
    }
    for (const { info } of still ? (runs.data ?? []) : []) {
      found.push({
        id: `run ${info?.run_id}`,
        group: "Runs",
        text: info?.run_name || (info?.run_id ?? ""),
        hint: names.get(info?.experiment_id),
        icon: "play",
        do: go(`#/experiments/${info?.experiment_id}/runs/${info?.run_id}`),
      });
    }
    for (const one of still ? (models.data ?? []) : []) {
      found.push({
        id: `model ${one.name}`,
        group: "Models",
        text: nameOf(one),
        icon: "models",
        do: go(hrefOf(`/models/${encodeURIComponent(nameOf(one))}`)),
      });
    }
    return [...found, ...best(sought, actions(openList), (one) => one.text)];
  }, [sought, still, experiments, runs.data, models.data, names, openList]);
  return { entries, isBusy: models.isFetching || runs.isFetching };
}

export default function Palette({ close, openList }: PaletteProps) {
  const [sought, seek] = useState("");
  const [at, move] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const { entries, isBusy } = useFound(sought, openList);
  const here = Math.min(at, entries.length - 1);
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    entry.do();
  };
  const step = (to: number) => {
    const next = (to + entries.length) % Math.max(1, entries.length);
    move(next);
    list.current?.querySelectorAll("[role=option]")[next]?.scrollIntoView({ block: "nearest" });
  };
  const groups = [...new Set(entries.map((one) => one.group))];
  return (
    <>
      <input
        className="palette-field"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={entries[here] ? `${id}-${here}` : undefined}
        aria-label="Find experiments, runs, models, pages and actions"
        placeholder="Find experiments, runs, models, pages and actions"
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus
        value={sought}
        onChange={(event) => {
          seek(event.target.value);
          move(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") step(here + 1);
          else if (event.key === "ArrowUp") step(here - 1);
          else if (event.key === "Enter") choose(entries[here]);
          else return;
          event.preventDefault();
        }}
      />
      <div
        id={id}
        ref={list}
        className="palette-list"
        role="listbox"
        aria-label="What was found"
        aria-busy={isBusy}
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a list box has groups, not fieldsets
          <div key={group} role="group" aria-label={group}>
            <div className="palette-group" aria-hidden="true">
              {group}
            </div>
            {entries.map((entry, index) =>
              entry.group !== group ? null : (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
                // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
                <div
                  key={entry.id}
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={index === here}
                  className="palette-entry"
                  onClick={() => choose(entry)}
                  onMouseMove={() => move(index)}
                >
                  {entry.icon ? <Icon name={entry.icon} size={14} /> : null}
                  <span className="palette-text">{entry.text}</span>
                  {entry.hint ? <span className="quiet">{entry.hint}</span> : null}
                </div>
              ),
            )}
          </div>
        ))}
        {entries.length === 0 && !isBusy ? (
          <p className="padded quiet">Nothing has that name.</p>
        ) : null}
      </div>
    </>
  );
}
