// The frame around every page: the rail, a bar with where one is, and what lies above all pages.
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useKnown } from "../api/connection";
import { meaning } from "../lib/shortcuts";
import { usePlace } from "../state/location";
import { changeSettings, useSettings } from "../state/settings";
import { Dialog } from "./dialog";
import { Editable } from "./editable";
import { Icon } from "./icons";
import { More } from "./more";
import { Offline } from "./offline";
import { Share } from "./share";
import { Toasts } from "./toast";

const loadPalette = () => import("./palette");
const Palette = lazy(loadPalette);
const ShortcutList = lazy(async () => ({
  default: (await import("./shortcut-list")).ShortcutList,
}));

const PAIR = 1_000; // milliseconds between two keys that belong together
const IDLE = 1_500; // milliseconds after which what is rare is fetched
const PLACES = [
  { href: "#/experiments", label: "Experiments", icon: "experiments" },
  { href: "#/models", label: "Models", icon: "models" },
] as const;

const SignIn = lazy(() => import("./sign-in"));

type Above = "palette" | "list" | undefined;

export function Frame({ children }: { children: ReactNode }) {
  const [above, open] = useState<Above>();
  const { rail } = useSettings();
  useKeys(open);
  useEffect(() => {
    // What one types right after the key must not be lost: it is there before it is wanted.
    const timer = window.setTimeout(loadPalette, IDLE);
    return () => window.clearTimeout(timer);
  }, []);
  const isKnown = useKnown();
  if (!isKnown) {
    return (
      <Suspense fallback={null}>
        <SignIn />
      </Suspense>
    );
  }
  return (
    <div className="app" data-rail={rail}>
      <Rail isWide={rail === "wide"} open={open} />
      <div className="stage">
        <Offline />
        {children}
      </div>
      <Toasts />
      <Dialog
        label="Find everything"
        className="palette"
        open={above === "palette"}
        onClose={() => open(undefined)}
      >
        <Suspense fallback={null}>
          <Palette close={() => open(undefined)} openList={() => open("list")} />
        </Suspense>
      </Dialog>
      <Dialog
        label="Keys"
        className="broad"
        open={above === "list"}
        onClose={() => open(undefined)}
      >
        <div className="dialog">
          <h2>Keys</h2>
          <Suspense fallback={null}>
            <ShortcutList />
          </Suspense>
          <div className="line">
            <button type="button" className="button" onClick={() => open(undefined)}>
              Close
            </button>
          </div>
        </div>
      </Dialog>
    </div>
  );
}

function Rail({ isWide, open }: { isWide: boolean; open: (above: Above) => void }) {
  const { path } = usePlace();
  const link = (href: string, label: string, icon: "experiments" | "models" | "settings") => {
    const here =
      `#${path}`.startsWith(href) ||
      (icon === "experiments" && (path === "/" || path.startsWith("/compare-runs")));
    return (
      <a key={href} href={href} title={label} aria-current={here ? "page" : undefined}>
        <Icon name={icon} size={20} />
        <span className="rail-label">{label}</span>
      </a>
    );
  };
  const say = isWide ? "Narrow the rail" : "Widen the rail";
  return (
    <nav className="rail" aria-label="Headrace">
      {PLACES.map(({ href, label, icon }) => link(href, label, icon))}
      <button type="button" title="Find everything (Ctrl+K)" onClick={() => open("palette")}>
        <Icon name="search" size={20} />
        <span className="rail-label">Find</span>
        {isWide ? <kbd>Ctrl K</kbd> : null}
      </button>
      <span className="rail-space" />
      <button type="button" className="wide" title="Keys (?)" onClick={() => open("list")}>
        <Icon name="help" size={20} />
        <span className="rail-label">Keys</span>
      </button>
      {link("#/settings", "Settings", "settings")}
      <button type="button" className="wide" title={say} aria-expanded={isWide} onClick={turnRail}>
        <Icon name={isWide ? "narrower" : "wider"} size={20} />
        <span className="rail-label">{say}</span>
      </button>
    </nav>
  );
}

function turnRail(): void {
  const isWide = document.querySelector(".app")?.getAttribute("data-rail") === "wide";
  changeSettings({ rail: isWide ? "narrow" : "wide" });
}

function useKeys(open: (above: Above) => void): void {
  const before = useRef({ key: "", time: 0 });
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      const { target } = event;
      const typing = target instanceof HTMLElement && isTyping(target);
      const last = event.timeStamp - before.current.time < PAIR ? before.current.key : "";
      const command = event.ctrlKey || event.metaKey;
      const pressed = meaning(event.key, last, { command, typing });
      before.current = { key: event.key, time: event.timeStamp };
      if (pressed === undefined || pressed === "wait") return;
      event.preventDefault();
      if (pressed === "palette" || pressed === "list") open(pressed);
      else if (pressed === "rail") turnRail();
      else if (pressed === "search") focusSearch();
      else window.location.hash = pressed.go;
    };
    window.addEventListener("keydown", heard);
    return () => window.removeEventListener("keydown", heard);
  }, [open]);
}

function isTyping(element: HTMLElement): boolean {
  const inDialog = element.closest("dialog[open]") !== null;
  return inDialog || element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
}

function focusSearch(): void {
  const field = document.querySelector<HTMLElement>(
    "main input[type=search], main [role=combobox]",
  );
  field?.focus();
}

interface Crumb {
  text: string;
  href?: string;
}

interface PageProps {
  crumbs: Crumb[];
  rename?: { what: string; save: (name: string) => Promise<unknown> } | undefined;
  tools?: ReactNode;
  more?: ReactNode; // what stands behind a button on a phone
  children: ReactNode;
}

export function Page({ crumbs, rename, tools, more, children }: PageProps) {
  const last = crumbs.at(-1);
  const above = crumbs.at(-2);
  return (
    <main className="page">
      <header className="bar">
        <div className="crumbs">
          {above?.href ? (
            <a className="quiet-button narrow" href={above.href} aria-label={above.text}>
              <Icon name="left" size={18} />
            </a>
          ) : null}
          {crumbs.slice(0, -1).map((crumb) => (
            <span key={crumb.text} className="quiet wide">
              {crumb.href ? <a href={crumb.href}>{crumb.text}</a> : crumb.text} /
            </span>
          ))}
          <h1 title={last?.text} aria-label={rename ? last?.text : undefined}>
            {rename && last ? (
              <Editable value={last.text} what={rename.what} onSave={rename.save} />
            ) : (
              last?.text
            )}
          </h1>
        </div>
        {tools ?? <div className="grow" />}
        {more ? (
          <More>
            {more}
            <Share />
          </More>
        ) : (
          <Share />
        )}
      </header>
      {children}
    </main>
  );
}
