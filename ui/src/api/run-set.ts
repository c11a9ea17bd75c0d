// A set of runs as a table shows it: the first rows of one small question, the rest of large ones, a
// column by itself when it is wanted, and what happens live by the runs that it happens to. Kept apart
// from TanStack Query, which would ask for ten thousand rows anew at each logged point.
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { allOf } from "../lib/filter";
import { quotedText } from "../lib/filter-text";
import { columnsOfPage, retold, rowsOfPage, type TablePage, withColumns } from "../lib/run-rows";
import type { Column, Row } from "../lib/runset";
import { ApiError, call } from "./client";

const FIRST = 200; // rows: more than a screen shows
const REST = 2_000; // rows: what is read and put up within a frame or two
const TOGETHER = 400; // runs asked for by their ids at once
const PAUSE = 250; // milliseconds between two questions about what changed
const TRIES = 3; // more, where the server does not answer
const AGAIN = 400; // milliseconds until the first of them
const TELL_AGAIN = 2_000; // milliseconds
const KEPT = 4; // sets, for those who come back
const TELLING = 3; // metrics and params that differ most

export interface Ask {
  experimentIds: string[];
  filter: string;
  view: "ACTIVE_ONLY" | "DELETED_ONLY";
  order: string[];
}

export interface RunSetState {
  rows: Row[];
  total: number | undefined; // how many match, undefined before the first answer
  isComplete: boolean; // whether all of them are here
  telling: Column[]; // those in which the first rows differ most
  arrived: number; // runs that came since, and have their place elsewhere in this order
  error: Error | undefined;
}

const EMPTY: RunSetState = {
  rows: [],
  total: undefined,
  isComplete: false,
  telling: [],
  arrived: 0,
  error: undefined,
};

const waited = (ms: number) => new Promise((done) => window.setTimeout(done, ms));

export class RunSet {
  private state = EMPTY;
  private readonly listeners = new Set<() => void>();
  private readonly loaded = new Map<string, Column>(); // columns that rows have
  private columnPages: TablePage[] = []; // that came while rows were still coming
  private readonly touched = new Set<string>();
  private stop = new AbortController();
  private tells = false;
  private isLoading = false; // what is told meanwhile waits
  private toldAt = 0;

  constructor(private readonly ask: Ask) {}

  readonly get = (): RunSetState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private put(changes: Partial<RunSetState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }

  /** Ask for all rows with columns, and with those that tell them apart; rows that are here stay until then. */
  start(columns: Column[], tells: boolean): void {
    this.end();
    this.stop = new AbortController();
    for (const column of columns) this.remember(column);
    this.tells = tells;
    void this.load(tells, this.stop.signal);
  }

  /** Ask for all rows anew. */
  readonly renew = (): void => {
    this.start([], false);
  };

  /** Stop asking. */
  end(): void {
    this.stop.abort();
    this.columnPages = [];
  }

  private remember(column: Column): void {
    if (column.kind !== "attributes") this.loaded.set(column.id, column);
  }

  /** Ask for a page; where the server is away for a moment, again. */
  private async page(more: object, signal: AbortSignal): Promise<TablePage> {
    const { experimentIds, filter, view, order } = this.ask;
    for (let tried = 0; ; tried += 1) {
      try {
        return await call(
          "POST /api/headrace/runs/table",
          {
            experiment_ids: experimentIds,
            run_view_type: view,
            order_by: order,
            ...(filter ? { filter } : {}),
            ...more,
          },
          signal,
        );
      } catch (error) {
        const isAway = error instanceof ApiError && (error.status === 0 || error.status >= 500);
        if (!isAway || tried >= TRIES || signal.aborted) throw error;
        await waited(AGAIN * 2 ** tried);
      }
    }
  }

  private async load(tells: boolean, signal: AbortSignal): Promise<void> {
    this.isLoading = true;
    const before = this.state.rows;
    let rows: Row[] = [];
    let token: string | undefined;
    try {
      do {
        const page = await this.page(
          {
            columns: [...this.loaded.keys()],
            max_results: token ? REST : FIRST,
            ...(token ? { page_token: token } : {}),
            ...(tells && !token ? { telling_metrics: TELLING, telling_params: TELLING } : {}),
          },
          signal,
        );
        if (signal.aborted) return;
        if (tells && !token) this.tell(page);
        rows = rows.concat(rowsOfPage(page));
        token = page.next_page_token || undefined;
        const total = page.total ?? rows.length;
        if (before.length === 0) this.put({ rows, total, error: undefined });
      } while (token);
      for (const page of this.columnPages) rows = withColumns(rows, page);
      this.columnPages = [];
      this.put({ rows, total: rows.length, isComplete: true, arrived: 0, error: undefined });
    } catch (error) {
      if (!signal.aborted) this.put({ error: error as Error });
    }
    if (signal.aborted) return;
    this.isLoading = false;
    void this.follow(signal);
  }

  private tell(page: TablePage): void {
    this.toldAt = Date.now();
    const before = this.state.telling;
    const known = new Set(before.map((one) => one.id));
    const asked = new Set(this.loaded.keys());
    const fresh = columnsOfPage(page).filter((one) => !asked.has(one.id) && !known.has(one.id));
    for (const column of fresh) this.remember(column);
    // Columns that stand already stay where they are: nothing jumps when rows are asked for anew.
    const all = [...before, ...fresh];
    const of = (kind: Column["kind"]) => all.filter((one) => one.kind === kind).slice(0, TELLING);
    if (fresh.length > 0) this.put({ telling: [...of("metrics"), ...of("params")] });
  }

  /** See to it that rows have columns: those that are missing are asked for, and nothing else. */
  want(columns: Column[]): void {
    const missing = columns.filter((one) => one.kind !== "attributes" && !this.loaded.has(one.id));
    if (missing.length === 0 || this.state.total === undefined) return;
    for (const column of missing) this.remember(column);
    void this.loadColumns(missing, this.stop.signal);
  }

  private async loadColumns(columns: Column[], signal: AbortSignal): Promise<void> {
    let token: string | undefined;
    try {
      do {
        const page = await this.page(
          {
            columns: columns.map((one) => one.id),
            ids_only: true,
            max_results: token ? REST : FIRST,
            ...(token ? { page_token: token } : {}),
          },
          signal,
        );
        if (signal.aborted) return;
        if (this.isLoading) this.columnPages.push(page);
        this.put({ rows: withColumns(this.state.rows, page) });
        token = page.next_page_token || undefined;
      } while (token);
    } catch (error) {
      for (const column of columns) this.loaded.delete(column.id);
      if (!signal.aborted) this.put({ error: error as Error });
    }
  }

  /** Hear that something happened to runs. */
  told(runIds: string[]): void {
    const isWaiting = this.touched.size > 0;
    for (const id of runIds) this.touched.add(id);
    const { isComplete, rows, telling } = this.state;
    // Where the first runs have just begun, what tells them apart is still to come.
    const mayTell = this.tells && telling.length < 2 * TELLING && rows.length <= FIRST;
    if (isComplete && !this.isLoading && mayTell && Date.now() - this.toldAt > TELL_AGAIN) {
      this.touched.clear();
      void this.load(true, this.stop.signal);
    } else if (!isWaiting && this.touched.size > 0) void this.follow(this.stop.signal);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (this.touched.size > 0 && !this.isLoading && !signal.aborted) {
      const ids = [...this.touched].slice(0, TOGETHER);
      await this.askFor(ids, signal);
      for (const id of ids) this.touched.delete(id);
      await waited(PAUSE);
    }
  }

  private async askFor(ids: string[], signal: AbortSignal): Promise<void> {
    const { filter } = this.ask;
    const those = `attributes.run_id IN (${ids.map(quotedText).join(", ")})`;
    try {
      const page = await this.page(
        {
          filter: allOf([filter, those]),
          columns: [...this.loaded.keys()],
          max_results: TOGETHER,
        },
        signal,
      );
      if (signal.aborted) return;
      this.takeIn(ids, rowsOfPage(page));
    } catch {
      // The next event asks again; when the server is away, the page says so elsewhere.
    }
  }

  private takeIn(ids: string[], answered: Row[]): void {
    const { rows, arrived, isComplete } = this.state;
    if (!isComplete) return; // what is not here yet would pass for new
    const columns = [...this.loaded.values()];
    const told = retold(rows, new Set(ids), answered, columns, Date.now());
    const usual = this.ask.order.length === 0;
    if (!usual && told.arrived.length > 0) this.put({ arrived: arrived + told.arrived.length });
    if (told.rows === rows && (told.arrived.length === 0 || !usual)) return;
    const next = usual ? byStart(told.rows, told.arrived) : told.rows;
    this.put({ rows: next, total: next.length });
  }

  /** Change rows here before the server says so, such as a colour that was just chosen. */
  edit(ids: ReadonlySet<string>, change: (row: Row) => Row): void {
    this.put({ rows: this.state.rows.map((row) => (ids.has(row.id) ? change(row) : row)) });
  }
}

/** Return rows, latest first, with others in their places. */
function byStart(rows: Row[], others: Row[]): Row[] {
  if (others.length === 0) return rows;
  const next = [...rows];
  for (const row of others) {
    const at = next.findIndex((one) => (one.start ?? 0) <= (row.start ?? 0));
    next.splice(at < 0 ? next.length : at, 0, row);
  }
  return next;
}

const kept = new Map<string, RunSet>();

function setOf(ask: Ask): RunSet {
  const key = JSON.stringify(ask);
  const set = kept.get(key) ?? new RunSet(ask);
  kept.delete(key);
  kept.set(key, set);
  for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
  return set;
}

/** Return the runs that are asked for; while a new set has no answer yet, the one before stays. */
export function useRunSet(
  ask: Ask,
  columns: Column[],
  tells: boolean,
): { state: RunSetState; set: RunSet; isKnown: boolean } {
  const set = useMemo(() => setOf(ask), [ask]);
  const wanted = useRef({ columns, tells });
  wanted.current = { columns, tells };
  useEffect(() => {
    set.start(wanted.current.columns, wanted.current.tells);
    return () => set.end();
  }, [set]);
  const state = useSyncExternalStore(set.subscribe, set.get);
  const isKnown = state.total !== undefined;
  useEffect(() => {
    if (isKnown) set.want(columns);
  }, [set, columns, isKnown]);
  const last = useRef(state);
  if (isKnown) last.current = state;
  const shown = useMemo(
    () => (isKnown ? state : { ...last.current, error: state.error }),
    [state, isKnown],
  );
  return { state: shown, set, isKnown };
}
