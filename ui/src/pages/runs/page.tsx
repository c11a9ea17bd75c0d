// The runs of one experiment or several: a table and the charts of the same set.
import { useCallback, useMemo, useState } from "react";
import { useExperimentActions } from "../../api/experiments";
import { useLive } from "../../api/live";
import { useExperimentsById } from "../../api/run-acts";
import { type Ask, useRunSet } from "../../api/run-set";
import { ColumnPicker } from "../../components/column-picker";
import { Page } from "../../components/frame";
import { LiveDot } from "../../components/live-dot";
import { drawsBeyond } from "../../lib/eyes";
import { count } from "../../lib/format";
import { orderClauses, parseOrder } from "../../lib/order";
import { type Column, differingColumns } from "../../lib/runset";
import { columnsOfView, stuckFirst, type View, wholeFilter } from "../../lib/view";
import { useField } from "../../state/location";
import { useSettings } from "../../state/settings";
import { Arrange } from "./arrange";
import { Batch, exportRows } from "./batch";
import { SHOWABLE } from "./cells";
import { Charts } from "./charts";
import { Empty, Total } from "./empty";
import { FilterButton } from "./filter-button";
import { Panes, Split, usePaneKey } from "./panes";
import { QueryLine } from "./query-line";
import { type RowMenu, RowMenus } from "./row-menus";
import { RunTable } from "./table";
import { useLines } from "./use-lines";
import { useRowActs } from "./use-row-acts";
import { useView } from "./use-view";
import { Views } from "./views";

const DIFFERING = 500; // rows that are looked at for columns that differ
const NO_COLUMNS: Column[] = [];
/** Return what is asked of the server for a view. */
function useAsk(ids: string, view: View): Ask {
  const filter = wholeFilter(view);
  return useMemo(
    () => ({
      experimentIds: ids.split(","),
      filter,
      view: view.archived ? ("DELETED_ONLY" as const) : ("ACTIVE_ONLY" as const),
      order: orderClauses(parseOrder(view.order)),
    }),
    [ids, filter, view.archived, view.order],
  );
}

/** Return the runs of a view, and the columns that it shows. */
function useRunsOf(ask: Ask, view: View) {
  const [auto, setAuto] = useState<{ filter: string; columns: Column[] }>();
  const known = auto?.filter === ask.filter ? auto.columns : NO_COLUMNS;
  const wanted = useMemo(
    () => [...(view.columns ?? known), ...view.group],
    [view.columns, known, view.group],
  );
  const tells = view.columns === undefined && known.length === 0;
  const { state, set, isKnown } = useRunSet(ask, wanted, tells);
  // What tells runs apart stays the same in another order: columns do not jump.
  const { telling } = state;
  if (isKnown && telling.length > known.length) {
    setAuto({ filter: ask.filter, columns: telling });
  }
  const { rows } = state;
  const isSeveral = ask.experimentIds.length > 1;
  const all = useMemo(
    () => columnsOfView(view, telling.length > 0 ? telling : known, isSeveral),
    [view, telling, known, isSeveral],
  );
  const columns = useMemo(() => {
    const shown = view.differ ? differingColumns(all, rows.slice(0, DIFFERING)) : all;
    return stuckFirst(shown, view.stick);
  }, [all, rows, view.differ, view.stick]);
  return { state, set, all, columns };
}

export function RunsPage({ ids }: { ids: string }) {
  const [view, change, fields] = useView(ids);
  const ask = useAsk(ids, view);
  const { state, set, all, columns } = useRunsOf(ask, view);
  const { rows, total, error } = state;
  const [spread, setSpread] = useField("spread");
  const [hovered, hover] = useState<string>();
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [menu, openMenu] = useState<RowMenu>();
  const { palette } = useSettings();
  const { lines, stuck, baseline, seen, colors, looks, charted, membersOf } = useLines(
    ask,
    state,
    view,
    columns,
    palette,
  );
  const isLive = useLive(
    ask.experimentIds,
    useCallback(
      (heard: string[] | "all") => (heard === "all" ? set.renew() : set.told(heard)),
      [set],
    ),
    ["experiments"],
  );
  const single = ask.experimentIds.length === 1 ? ids : undefined;
  const experiments = useExperimentsById(ask.experimentIds);
  const experiment = single ? experiments[0] : undefined;
  const names = useMemo(
    () => new Map(experiments.map((one) => [one.experiment_id ?? "", one.name ?? ""])),
    [experiments],
  );
  const { rename } = useExperimentActions();
  const name = single
    ? (experiment?.name ?? `Experiment ${ids}`)
    : count(ask.experimentIds.length, "experiment");
  const acts = useRowActs({ view, change, set });
  usePaneKey(view, change);
  const chosen = useMemo(() => charted.filter((row) => ticked.has(row.id)), [charted, ticked]);
  const hasTable = view.panes !== "charts";
  return (
    <Page
      crumbs={[{ text: "Experiments", href: "#/experiments" }, { text: name }]}
      rename={
        single
          ? {
              what: "Name of the experiment",
              save: (text) => rename(single, text),
            }
          : undefined
      }
      tools={
        <>
          <Total ids={ask.experimentIds} total={total} isAll={ask.filter === ""} view={view} />
          <div className="grow">
            <QueryLine
              experimentIds={ask.experimentIds}
              value={view.filter}
              onChange={(filter) => change({ filter })}
              error={error ?? null}
            >
              <FilterButton
                experimentIds={ask.experimentIds}
                value={view.filter}
                onChange={(filter) => change({ filter })}
              />
            </QueryLine>
          </div>
          <LiveDot stands={isLive} />
          <Panes view={view} change={change} />
        </>
      }
      more={
        <>
          {hasTable ? (
            <ColumnPicker
              experimentIds={ask.experimentIds}
              attributes={SHOWABLE}
              chosen={all}
              stuck={view.stick}
              isAutomatic={!view.columns}
              differs={view.differ}
              onChoose={(next) => change({ columns: next })}
              onStick={(stick) => change({ stick })}
              onDiffers={(differ) => change({ differ })}
            />
          ) : null}
          <Arrange
            experimentIds={ask.experimentIds}
            view={view}
            change={change}
            spread={spread}
            onSpread={setSpread}
            onExport={(format) => void exportRows(charted, columns, format)}
          />
          <Views ids={ids} experiment={experiment} fields={fields} />
          <a className="button" href={`#/experiments/${ids}/models`}>
            Models
          </a>
        </>
      }
    >
      <Empty state={state} view={view} name={name} change={change} again={set.renew} />
      {rows.length > 0 ? (
        <Split view={view} change={change}>
          {hasTable ? (
            <div className="pane">
              {state.arrived > 0 ? (
                <button type="button" className="button main news" onClick={set.renew}>
                  {count(state.arrived, "new run")}
                </button>
              ) : null}
              <RunTable
                lines={lines}
                stuck={stuck}
                members={membersOf}
                columns={columns}
                view={view}
                change={change}
                place={`${ask.filter} ${view.order} ${view.archived} ${fields.get("group") ?? ""}`}
                seen={seen}
                colors={colors}
                palette={palette}
                baseline={baseline}
                spread={spread}
                experiments={names}
                hovered={hovered}
                ticked={ticked}
                isAllTicked={chosen.length > 0 && chosen.length === charted.length}
                onTick={tick}
                onTickAll={(on) => tick(new Set(on ? charted.map((row) => row.id) : []))}
                onHover={hover}
                onColor={(anchor, id) => openMenu({ is: "color", anchor, id })}
                onMenu={(anchor, key) => openMenu({ is: "line", anchor, key })}
                onAct={acts.onKey}
              />
              {chosen.length > 0 ? (
                <Batch
                  rows={chosen}
                  columns={columns}
                  isArchive={view.archived}
                  onDone={(done) => {
                    set.told(done);
                    tick(new Set());
                  }}
                  onClear={() => tick(new Set())}
                />
              ) : null}
            </div>
          ) : null}
          {view.panes === "table" ? null : (
            <Charts
              ask={ask}
              rows={charted}
              looks={looks}
              isWhole={state.isComplete || !!error || !drawsBeyond(rows.length, view.show)}
              hovered={hovered}
              onHover={hover}
              baseline={view.baseline}
            />
          )}
        </Split>
      ) : null}
      {menu ? (
        <RowMenus
          menu={menu}
          lines={[...stuck, ...lines]}
          view={view}
          palette={palette}
          acts={acts}
          members={membersOf}
          onClose={() => openMenu(undefined)}
          onColor={(anchor, id) => openMenu({ is: "color", anchor, id })}
          onTick={(more) => tick(new Set([...ticked, ...more.map((row) => row.id)]))}
        />
      ) : null}
    </Page>
  );
}
