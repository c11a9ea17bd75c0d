// The question what something new is called, and what it is for.
import { type ReactNode, useState } from "react";
import { Dialog } from "./dialog";
import { Question } from "./question";

interface NewProps {
  title: string; // "New experiment"
  start?: string; // how the name begins
  children?: ReactNode; // what is to know of names
  onCreate: (name: string, note: string) => Promise<string>; // returns where it is
  onClose: () => void;
}

export function NewDialog({ open, ...props }: NewProps & { open: boolean }) {
  return (
    <Dialog label={props.title} open={open} onClose={props.onClose}>
      <NewForm {...props} />
    </Dialog>
  );
}

function NewForm({ title, start = "", children, onCreate, onClose }: NewProps) {
  const [name, setName] = useState(start);
  const [note, setNote] = useState("");
  return (
    <Question
      title={title}
      verb="Create"
      onAct={async () => {
        const hash = await onCreate(name.trim(), note);
        onClose();
        window.location.hash = hash;
      }}
      onClose={onClose}
    >
      <label>
        Name
        <input
          className="field"
          // biome-ignore lint/a11y/noAutofocus: it was just asked for
          autoFocus
          required
          value={name}
          aria-describedby={children ? "about-names" : undefined}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      {children ? (
        <p id="about-names" className="quiet">
          {children}
        </p>
      ) : null}
      <label>
        Description
        <textarea
          className="field area"
          rows={3}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
    </Question>
  );
}
