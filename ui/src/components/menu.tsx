// A menu, and the button that opens one: arrows go through it, Escape and a choice close it and give the focus back.
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { Icon } from "./icons";
import { Popup } from "./popup";

export interface MenuItem {
  text: string;
  hint?: string;
  isOn?: boolean; // of one that is on or off
  isBad?: boolean; // takes something away
  do: () => void;
}

interface MenuProps {
  anchor: HTMLElement;
  label: string;
  groups: (MenuItem | undefined)[][];
  onClose: () => void;
}

export function Menu({ anchor, label, groups, onClose }: MenuProps) {
  const hasMarks = groups.some((group) => group.some((item) => item?.isOn !== undefined));
  return (
    <Popup
      anchor={anchor}
      label={label}
      role="menu"
      className="menu"
      onClose={onClose}
      onKeyDown={step}
    >
      {groups.map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of a menu stay what they are
        // biome-ignore lint/a11y/useSemanticElements: a menu has groups, not fieldsets
        <div key={at} role="group" className="menu-group">
          {group.map((item) =>
            item === undefined ? null : (
              // biome-ignore lint/a11y/useAriaPropsSupportedByRole: one that is on or off says which
              <button
                key={item.text}
                type="button"
                role={item.isOn === undefined ? "menuitem" : "menuitemcheckbox"}
                aria-checked={item.isOn}
                className={`menu-item${item.isBad ? " bad" : ""}`}
                onClick={() => {
                  onClose();
                  anchor.focus({ preventScroll: true });
                  item.do();
                }}
              >
                {hasMarks ? (
                  <span className="menu-mark" aria-hidden="true">
                    {item.isOn ? "✓" : ""}
                  </span>
                ) : null}
                {item.text}
                {item.hint ? <kbd>{item.hint}</kbd> : null}
              </button>
            ),
          )}
        </div>
      ))}
    </Popup>
  );
}

function step(event: KeyboardEvent<HTMLDivElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next =
    event.key === "ArrowDown"
      ? at + 1
      : event.key === "ArrowUp"
        ? at - 1
        : event.key === "Home"
          ? 0
          : event.key === "End"
            ? items.length - 1
            : undefined;
  if (next === undefined) return;
  event.preventDefault();
  items[(next + items.length) % items.length]?.focus();
}

interface MenuButtonProps {
  label: string;
  items: () => MenuItem[]; // asked for when it opens
  children?: ReactNode; // of the button; three dots by itself
  className?: string;
}

export function MenuButton({ label, items, children, className }: MenuButtonProps) {
  const [anchor, setAnchor] = useState<HTMLElement>();
  return (
    <>
      <button
        type="button"
        className={className ?? "quiet-button"}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        onClick={(event) => setAnchor(anchor ? undefined : event.currentTarget)}
      >
        {children ?? <Icon name="more" size={16} />}
      </button>
      {anchor ? (
        <Menu
          anchor={anchor}
          label={label}
          groups={[items()]}
          onClose={() => setAnchor(undefined)}
        />
      ) : null}
    </>
  );
}
