// What opens beside a control: a menu or a small form, above the page, closed by a click elsewhere.
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";

const CLICK = 400; // milliseconds that a press may last
const GAP = 4; // pixels to the control and to the edge of the window

interface PopupProps {
  anchor: HTMLElement;
  label: string;
  onClose: () => void;
  role?: "dialog" | "menu";
  className?: string;
  onKeyDown?: (event: KeyboardEvent<HTMLDivElement>) => void;
  children: ReactNode;
}

export function Popup({
  anchor,
  label,
  onClose,
  role = "dialog",
  className = "",
  onKeyDown,
  children,
}: PopupProps) {
  const place = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    element.showPopover();
    position(element, anchor);
    const watcher = new ResizeObserver(() => position(element, anchor));
    watcher.observe(element);
    const first = element.querySelector<HTMLElement>(
      "[data-first], input:not([disabled]), button:not([disabled]), select, a[href]",
    );
    first?.focus({ preventScroll: true });
    return () => watcher.disconnect();
  }, [anchor]);
  useEffect(() => {
    const element = place.current;
    const toggled = (event: Event) => {
      if ((event as ToggleEvent).newState !== "closed") return;
      if (document.activeElement === document.body || element?.contains(document.activeElement)) {
        anchor.focus({ preventScroll: true });
      }
      close.current();
    };
    // The press that closes it from outside is no order to open it again.
    const pressed = () => {
      const swallow = (event: Event) => event.stopPropagation();
      anchor.addEventListener("click", swallow, { capture: true, once: true });
      window.setTimeout(() => anchor.removeEventListener("click", swallow, true), CLICK);
    };
    element?.addEventListener("toggle", toggled);
    anchor.addEventListener("pointerdown", pressed);
    return () => {
      element?.removeEventListener("toggle", toggled);
      anchor.removeEventListener("pointerdown", pressed);
    };
  }, [anchor]);
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: it has one of two roles that take a name
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      ref={place}
      popover="auto"
      role={role}
      aria-label={label}
      className={`popup ${className}`}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}

function position(element: HTMLElement, anchor: HTMLElement): void {
  const from = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const left = Math.min(from.left, window.innerWidth - width - GAP);
  const below = from.bottom + GAP;
  const above = from.top - GAP - height;
  const fits = below + height <= window.innerHeight - GAP;
  const top = fits || above < GAP ? Math.min(below, window.innerHeight - height - GAP) : above;
  element.style.left = `${Math.max(GAP, left)}px`;
  element.style.top = `${Math.max(GAP, top)}px`;
}
