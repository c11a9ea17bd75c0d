// A name that is changed where it stands.
import { useRef, useState } from "react";
import { Icon } from "./icons";
import { sayError } from "./toast";

interface EditableProps {
  value: string;
  what: string; // "Name of the experiment"
  onSave: (value: string) => Promise<unknown>;
}

export function Editable({ value, what, onSave }: EditableProps) {
  const [editing, edit] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const done = () => {
    edit(false);
    window.setTimeout(() => button.current?.focus());
  };
  if (editing) return <NameField value={value} what={what} onSave={onSave} done={done} />;
  return (
    <span className="editable">
      <span className="editable-text" title={value}>
        {value}
      </span>
      <button
        ref={button}
        type="button"
        className="quiet-button"
        aria-label={`Change: ${what}`}
        title={`Change: ${what}`}
        onClick={() => edit(true)}
      >
        <Icon name="pencil" size={14} />
      </button>
    </span>
  );
}

/** The field in which a name is changed: Enter and leaving it save, Escape does not. */
export function NameField({ value, what, onSave, done }: EditableProps & { done: () => void }) {
  const [text, setText] = useState(value);
  const isOver = useRef(false);
  const save = async () => {
    if (isOver.current) return;
    isOver.current = true;
    const next = text.trim();
    if (next && next !== value) {
      try {
        await onSave(next);
      } catch (error) {
        isOver.current = false;
        sayError(error);
        return;
      }
    }
    done();
  };
  return (
    <input
      className="field name-field"
      aria-label={what}
      // biome-ignore lint/a11y/noAutofocus: it was just asked for
      autoFocus
      onFocus={(event) => event.target.select()}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter") void save();
        if (event.key === "Escape") {
          isOver.current = true;
          done();
        }
        event.stopPropagation();
      }}
    />
  );
}
