// How the charts of a page are laid out: small enough to stand in its address, as JSON without what is usual.
import type { Range, Trend } from "./lines";
import { SMOOTHINGS, type Smoothing } from "./smoothing";

type XAxis = string; // step, time, relative, or "metric:" and a key

/** What one card has of its own. */
export interface CardLook {
  x?: XAxis;
  logX?: boolean;
  logY?: boolean;
  rangeX?: Range;
  rangeY?: Range;
  more?: string[]; // metrics beside its own
}

/** A chart that is not of one metric over an axis. */
export interface Extra {
  id: string;
  kind: string;
  fields: string[]; // columns as the query language names them: metrics.loss, params.lr
  options?: Record<string, string | number | boolean>;
}

export interface Layout {
  x: XAxis;
  logX: boolean;
  logY: boolean;
  smoothing: Smoothing;
  amount: number;
  raw: boolean;
  band: "few" | "all" | "none"; // whose limits are shaded: of a few lines, of all, of none
  calm: boolean; // without outliers
  sections: "last" | "first"; // the slash that ends a section's name
  link: "card" | "section" | "all"; // what is zoomed together
  zoom: Record<string, Range>; // by section; "*" for all
  closed: string[];
  opened: string[];
  pins: string[];
  hidden: string[];
  order: Record<string, string[]>; // of the cards of a section that were moved
  sizes: Record<string, [number, number]>; // least width and height of the cards of a section
  cards: Record<string, CardLook>;
  color: string[]; // keys by which lines are coloured, dashed and put apart: params.lr
  dash: string[];
  facet: string[];
  area: "none" | "std" | "se" | "ci" | "range"; // what is drawn of a group instead of its lines
  trend: Trend; // the line of a group
  extras: Extra[];
}

export const USUAL: Layout = {
  x: "step",
  logX: false,
  logY: false,
  smoothing: "time",
  amount: 0,
  raw: true,
  band: "few",
  calm: false,
  sections: "last",
  link: "card",
  zoom: {},
  closed: [],
  opened: [],
  pins: [],
  hidden: [],
  order: {},
  sizes: {},
  cards: {},
  color: [],
  dash: [],
  facet: [],
  area: "none",
  trend: "mean",
  extras: [],
};

const WORDS: { [name in keyof Layout]?: readonly string[] } = {
  smoothing: SMOOTHINGS,
  band: ["few", "all", "none"],
  sections: ["last", "first"],
  link: ["card", "section", "all"],
  area: ["none", "std", "se", "ci", "range"],
  trend: ["mean", "min", "max"],
};

/** Return the layout that an address holds; what is wrong in it is as usual. */
export function parseLayout(text: string): Layout {
  let found: unknown;
  try {
    found = JSON.parse(text || "{}");
  } catch {
    return USUAL;
  }
  if (!isObject(found)) return USUAL;
  const layout: Record<string, unknown> = { ...USUAL };
  for (const [name, usual] of Object.entries(USUAL)) {
    const value = found[name];
    const words = WORDS[name as keyof Layout];
    if (words ? words.includes(String(value)) : isLike(value, usual)) layout[name] = value;
  }
  const checked = layout as unknown as Layout;
  return {
    ...checked,
    amount: Math.min(1, Math.max(0, checked.amount)),
    zoom: kept(checked.zoom, isRange),
    order: kept(checked.order, isTexts),
    sizes: kept(checked.sizes, isRange),
    cards: kept(checked.cards, isLook),
    extras: checked.extras.filter(isExtra),
  };
}

/** Return a layout as it stands in an address. */
export function formatLayout(layout: Layout): string {
  const changed = Object.entries(layout).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(USUAL[name as keyof Layout]),
  );
  return changed.length ? JSON.stringify(Object.fromEntries(changed)) : "";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLike(value: unknown, usual: unknown): boolean {
  if (Array.isArray(usual))
    return Array.isArray(value) && (value.every(isText) || value.every(isExtra));
  if (isObject(usual)) return isObject(value);
  return typeof value === typeof usual;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isRange(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((end) => Number.isFinite(end));
}

function isLook(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { x, logX, logY, rangeX, rangeY, more } = value;
  const has = (one: unknown, check: (one: unknown) => boolean) => one === undefined || check(one);
  const isFlag = (one: unknown) => typeof one === "boolean";
  return (
    has(x, isText) &&
    has(logX, isFlag) &&
    has(logY, isFlag) &&
    has(rangeX, isRange) &&
    has(rangeY, isRange) &&
    has(more, isTexts)
  );
}

function isExtra(value: unknown): value is Extra {
  return (
    isObject(value) &&
    isText(value["id"]) &&
    isText(value["kind"]) &&
    isTexts(value["fields"]) &&
    (value["options"] === undefined || isObject(value["options"]))
  );
}

function kept<T>(those: Record<string, T>, isGood: (value: unknown) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(those).filter(([, value]) => isGood(value)));
}

/** Return the section of a key: what stands before its first or its last slash. */
function sectionOf(key: string, by: Layout["sections"]): string {
  const at = by === "last" ? key.lastIndexOf("/") : key.indexOf("/");
  return at < 0 ? "" : key.slice(0, at);
}

const PINNED = "\u0000pinned";

export interface Section {
  id: string;
  title: string;
  keys: string[];
}

/** Return the keys that are shown in their sections: the pinned ones first, each in its order. */
export function sectionsOf(keys: string[], layout: Layout): Section[] {
  const hidden = new Set(layout.hidden);
  const pinned = new Set(layout.pins);
  const there = new Set(keys);
  const found = new Map<string, Section>();
  const pins = layout.pins.filter((key) => there.has(key) && !hidden.has(key));
  if (pins.length) found.set(PINNED, { id: PINNED, title: "Pinned", keys: pins });
  for (const key of keys) {
    if (hidden.has(key) || pinned.has(key)) continue;
    const id = sectionOf(key, layout.sections);
    const section = found.get(id);
    if (section) section.keys.push(key);
    else found.set(id, { id, title: id || "Metrics", keys: [key] });
  }
  for (const section of found.values()) {
    const order = layout.order[section.id];
    if (!order) continue;
    const places = new Map(order.map((key, at) => [key, at]));
    const place = (key: string) => places.get(key) ?? order.length;
    section.keys.sort((a, b) => place(a) - place(b));
  }
  return [...found.values()];
}

/** Return keys with one of them moved to where another stands. */
export function moved(keys: string[], key: string, to: number): string[] {
  const rest = keys.filter((one) => one !== key);
  rest.splice(Math.max(0, Math.min(to, rest.length)), 0, key);
  return rest;
}

/** Return whether a key is what one looks for: a part of it, or what a regular expression finds. */
export function finder(wanted: string): (key: string) => boolean {
  const plain = wanted.toLowerCase();
  if (!/[\\^$.*+?()[\]{}|]/.test(wanted)) return (key) => key.toLowerCase().includes(plain);
  try {
    const expression = new RegExp(wanted, "i");
    return (key) => expression.test(key) || key.toLowerCase().includes(plain);
  } catch {
    return (key) => key.toLowerCase().includes(plain);
  }
}
