// The charts of a set of runs, in sections by the beginnings of their keys.
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { nameOfSet } from "../api/buckets";
import { useRowsWith } from "../api/run-values";
import { Icon } from "../components/icons";
import { Loading, Note } from "../components/notes";
import { Search } from "../components/search";
import { groupsOf } from "../lib/chart-groups";
import { PALETTES } from "../lib/colors";
import { type CardLook, finder, type Section, sectionsOf } from "../lib/layout";
import type { Row } from "../lib/runset";
import { useLayout } from "../state/layout";
import { useField } from "../state/location";
import { useSettings } from "../state/settings";
import type { Board, RunLook } from "./board";
import { Crosshair } from "./crosshair";
import { Display } from "./display";
import { AddChart } from "./extras/add";
import { Full } from "./full";
import { Legend } from "./legend";
import { CardSection } from "./section";

export interface PanelProps {
  metrics: string[] | undefined; // undefined until they are known
  runs: RunLook[]; // the visible ones in the order of the table
  isWhole?: boolean; // false while more of them come: asked for one by one they would take longer
  rows?: Row[];
  experimentIds?: string[];
  filter?: string;
  hovered: string | undefined;
  onHover: (id: string | undefined) => void;
  baseline?: string | undefined;
}

const Extras = lazy(() => import("./extras/section"));
const OPEN = 40; // cards of which the sections are open until one opens more
const NO_ROWS: Row[] = [];
const NO_METRICS: string[] = [];

export function ChartPanel(props: PanelProps) {
  const { metrics, runs, rows = NO_ROWS, isWhole = true, hovered, onHover, baseline } = props;
  const { layout, change, undo, redo } = useLayout();
  const [find, setFind] = useField("charts");
  const [full, setFull] = useField("full");
  const [crosshair] = useState(() => new Crosshair());
  const ids = useMemo(() => runs.map((run) => run.id), [runs]);
  const set = useMemo(() => nameOfSet(ids), [ids]);
  const look = useCallback(
    (key: string, changes: Partial<CardLook> | undefined) => {
      const { [key]: before, ...others } = layout.cards;
      change({ cards: changes ? { ...others, [key]: { ...before, ...changes } } : others });
    },
    [layout.cards, change],
  );
  const keys = metrics ?? NO_METRICS;
  const { palette } = useSettings();
  const { color, dash, facet, area } = layout;
  const { experimentIds, filter = "" } = props;
  const by = useMemo(() => [...color, ...dash, ...facet], [color, dash, facet]);
  const valued = useRowsWith({ experimentIds, filter, rows }, by);
  const groups = useMemo(
    () =>
      valued && (by.length > 0 || area !== "none")
        ? groupsOf(ids, valued, { color, dash, facet })
        : undefined,
    [ids, valued, by, color, dash, facet, area],
  );
  const board = useMemo(
    (): Board => ({
      ...{
        layout,
        change,
        look,
        runs,
        ids,
        set,
        isWhole,
        rows,
        experimentIds,
        filter,
        groups,
        metrics: keys,
      },
      ...{ palette: PALETTES[palette], crosshair, hovered, onHover, baseline },
    }),
    [
      palette,
      experimentIds,
      filter,
      groups,
      layout,
      change,
      look,
      runs,
      ids,
      set,
      isWhole,
      rows,
      keys,
      crosshair,
      hovered,
      onHover,
      baseline,
    ],
  );
  const found = useMemo(() => sectionsOf(keys.filter(finder(find)), layout), [keys, find, layout]);
  const isOpen = useMemo(
    () => openSections(found, layout.closed, layout.opened, find !== ""),
    [found, layout, find],
  );
  const step = (by: number) => {
    const all = found.flatMap((section) => section.keys);
    const next = all[(all.indexOf(full) + by + all.length) % all.length];
    if (next !== undefined) setFull(next);
  };
  return (
    <section className="charts" aria-label="Charts">
      <div className="line chart-tools">
        <Search what="Find charts" value={find} onChange={setFind} className="chart-search" />
        <label className="line">
          Smoothing
          <input
            type="range"
            min="0"
            max="0.99"
            step="0.01"
            value={layout.amount}
            onChange={(event) => change({ amount: Number(event.target.value) })}
          />
          <span className="quiet amount">{layout.amount}</span>
        </label>
        <Display board={board} />
        {experimentIds || rows.length > 1 ? <AddChart board={board} /> : null}
        <span className="grow" />
        <button
          type="button"
          className="tool"
          aria-label="Undo"
          title="Undo (Ctrl+Z)"
          disabled={!undo}
          onClick={undo}
        >
          <Icon name="undo" size={16} />
        </button>
        <button
          type="button"
          className="tool"
          aria-label="Redo"
          title="Redo (Ctrl+Y)"
          disabled={!redo}
          onClick={redo}
        >
          <Icon name="redo" size={16} />
        </button>
      </div>
      <Legend board={board} />
      {metrics === undefined ? <Loading rows={6} /> : null}
      {metrics?.length === 0 ? (
        <Note title="No metrics yet">
          <p>Charts appear as soon as a run logs a number.</p>
          <pre>{'mlflow.log_metric("loss", 0.25, step=1)'}</pre>
        </Note>
      ) : null}
      {keys.length > 0 && runs.length === 0 ? (
        <Note title="No run is shown">
          <p>The eye beside a run shows its lines here.</p>
        </Note>
      ) : null}
      {keys.length > 0 && found.length === 0 ? (
        <p>
          {find
            ? `No chart has “${find}” in its name.`
            : "All charts are hidden: Display shows them again."}
        </p>
      ) : null}
      {layout.extras.length > 0 ? (
        <Suspense fallback={<Loading rows={4} />}>
          <Extras board={board} />
        </Suspense>
      ) : null}
      {runs.length > 0
        ? found.map((section) => (
            <CardSection
              key={section.id}
              section={section}
              isOpen={isOpen.has(section.id)}
              board={board}
              onFull={setFull}
            />
          ))
        : null}
      {full && keys.includes(full) ? (
        <Full
          key={full}
          metric={full}
          section={found.find((section) => section.keys.includes(full))?.id ?? ""}
          board={board}
          onStep={step}
          onClose={() => setFull("")}
        />
      ) : null}
    </section>
  );
}

/** Return which sections are open: the first few, and those that one opened. */
function openSections(
  sections: Section[],
  closed: string[],
  opened: string[],
  isFinding: boolean,
): Set<string> {
  const found = new Set<string>();
  let cards = 0;
  for (const { id, keys } of sections) {
    if ((cards < OPEN || isFinding || opened.includes(id)) && !closed.includes(id)) found.add(id);
    cards += keys.length;
  }
  return found;
}
