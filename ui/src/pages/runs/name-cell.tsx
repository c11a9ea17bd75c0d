// The first cell of a line: choose, show, colour, how it is, what it is called.
import type { CSSProperties } from "react";
import { Check } from "../../components/check";
import { Icon } from "../../components/icons";
import { Status } from "../../components/status";
import type { GroupLine, RunLine } from "../../lib/arrange";
import { count } from "../../lib/format";

export interface NameActs {
  choose: (key: string, on: boolean, isRange: boolean) => void;
  eye: (id: string) => void;
  open: (key: string) => void;
  color: (anchor: HTMLElement, id: string) => void;
  menu: (anchor: HTMLElement, key: string) => void;
}

interface RunNameProps {
  line: RunLine;
  acts: NameActs;
  isTicked: boolean;
  isSeen: boolean;
  color: string;
  isPinned: boolean;
  isBaseline: boolean;
  indents: boolean; // whether some lines can be opened, so that all leave room for that
}

export function RunName(props: RunNameProps) {
  const { line, acts, isTicked, isSeen, color, isPinned, isBaseline, indents } = props;
  const { row, level, children, isOpen } = line;
  return (
    <>
      <Check
        label={`Choose ${row.name}`}
        checked={isTicked}
        onChange={(event) =>
          acts.choose(line.key, event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)
        }
      />
      <button
        type="button"
        className="eye"
        style={runColor(color)}
        aria-pressed={isSeen}
        aria-label={`Show ${row.name} in charts`}
        title={isSeen ? "Hide in charts (e)" : "Show in charts (e)"}
        onClick={() => acts.eye(row.id)}
      >
        <Icon name={isSeen ? "eye" : "eye-shut"} size={14} />
      </button>
      {indents ? <Opener line={line} onOpen={acts.open} what={row.name} /> : null}
      <button
        type="button"
        className={isSeen ? "color" : "color off"}
        style={{ color }}
        tabIndex={-1}
        aria-label={`Colour of ${row.name}`}
        title="Change the colour"
        onClick={(event) => acts.color(event.currentTarget, row.id)}
      />
      <Status status={row.status} />
      <a
        href={`#/experiments/${row.experimentId}/runs/${row.id}`}
        title={row.name}
        data-level={level}
      >
        {row.name}
      </a>
      {children > 0 && !isOpen ? (
        <span className="quiet" title={count(children, "child run")}>
          {children}
        </span>
      ) : null}
      {isPinned ? <Mark icon="pin" text="Pinned" /> : null}
      {isBaseline ? <Mark icon="flag" text="Baseline" /> : null}
      <button
        type="button"
        className="row-menu"
        tabIndex={-1}
        aria-label={`Menu of ${row.name}`}
        aria-haspopup="menu"
        onClick={(event) => acts.menu(event.currentTarget, line.key)}
      >
        ⋯
      </button>
    </>
  );
}

/** Say the colour of a run for where its eye bears it. */
function runColor(color: string): CSSProperties {
  const parts: Record<string, string> = { "--run-color": color };
  return parts;
}

function Mark({ icon, text }: { icon: "pin" | "flag"; text: string }) {
  return (
    <span className="mark" title={text}>
      <Icon name={icon} size={12} />
      <span className="hidden-text">{text}</span>
    </span>
  );
}

function Opener({
  line,
  onOpen,
  what,
}: {
  line: RunLine | GroupLine;
  onOpen: (key: string) => void;
  what: string;
}) {
  const isEmpty = line.is === "run" && line.children === 0;
  return (
    <>
      <span className="indent" style={{ width: `${line.level}rem` }} />
      {isEmpty ? (
        <span className="opener" />
      ) : (
        <button
          type="button"
          className="opener"
          aria-expanded={line.isOpen}
          aria-label={`${line.isOpen ? "Close" : "Open"} ${what}`}
          onClick={() => onOpen(line.key)}
        >
          <Icon name={line.isOpen ? "down" : "right"} size={12} />
        </button>
      )}
    </>
  );
}

interface GroupNameProps {
  line: GroupLine;
  acts: NameActs;
  fieldName: string;
  color: string;
  isTicked: boolean;
}

export function GroupName({ line, acts, fieldName, color, isTicked }: GroupNameProps) {
  const { group, level } = line;
  const value = group.values[level] ?? "(none)";
  return (
    <>
      <Check
        label={`Choose the runs of ${value}`}
        checked={isTicked}
        onChange={(event) => acts.choose(line.key, event.target.checked, false)}
      />
      <Opener line={line} onOpen={acts.open} what={`${fieldName} ${value}`} />
      {group.below.length === 0 ? (
        <span className="dot" style={{ background: color, borderColor: color }} />
      ) : null}
      <span className="group-name" title={`${fieldName}: ${value}`}>
        <span className="quiet">{fieldName}</span> {value}
      </span>
      <span className="quiet">{count(group.runs, "run")}</span>
      <button
        type="button"
        className="row-menu"
        tabIndex={-1}
        aria-label={`Menu of ${value}`}
        aria-haspopup="menu"
        onClick={(event) => acts.menu(event.currentTarget, line.key)}
      >
        ⋯
      </button>
    </>
  );
}
