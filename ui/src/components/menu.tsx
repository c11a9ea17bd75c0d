// A menu at a button: arrows go through it, Escape and a choice close it and give the focus back.
import { type ReactNode, useId, useRef, useState } from "react";
import { Icon } from "./icons";

export interface MenuItem {
  label: string;
  isDangerous?: boolean;
  do: () => void;
}

interface MenuProps {
  label: string;
  items: () => MenuItem[]; // asked for when it opens
  children?: ReactNode; // of the button; three dots by itself
  className?: string;
}

export function Menu({ label, items, children, className = "quiet-button" }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [shown, show] = useState<MenuItem[]>([]);
  const entries = () => [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  const step = (by: number) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + by + all.length) % all.length]?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        popoverTarget={id}
      >
        {children ?? <Icon name="more" size={16} />}
      </button>
      <div
        id={id}
        ref={list}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        className="menu"
        onBeforeToggle={(event) => {
          if (event.newState === "open") show(items());
        }}
        onToggle={(event) => {
          if (event.newState !== "open") return;
          place(list.current, button.current);
          entries()[0]?.focus();
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") step(1);
          else if (event.key === "ArrowUp") step(-1);
          else return;
          event.preventDefault();
        }}
      >
        {shown.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            className={item.isDangerous ? "bad" : undefined}
            onClick={() => {
              list.current?.hidePopover();
              item.do();
            }}
          >
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}

/** Put a layer below a button, or above it where there is no room. */
function place(layer: HTMLElement | null, button: HTMLElement | null): void {
  if (!layer || !button) return;
  const at = button.getBoundingClientRect();
  const { width, height } = layer.getBoundingClientRect();
  const isBelow = at.bottom + height < window.innerHeight;
  layer.style.left = `${Math.max(4, Math.min(at.left, window.innerWidth - width - 4))}px`;
  layer.style.top = `${isBelow ? at.bottom : Math.max(4, at.top - height)}px`;
}
