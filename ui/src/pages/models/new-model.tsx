// A new registered model.
import { useState } from "react";
import { useRegistryActions } from "../../api/registry";
import { Dialog } from "../../components/dialog";
import { Question } from "../../components/question";

interface NewModelProps {
  open: boolean;
  onClose: () => void;
}

export function NewModel({ open, onClose }: NewModelProps) {
  return (
    <Dialog label="New registered model" open={open} onClose={onClose}>
      <NewForm onClose={onClose} />
    </Dialog>
  );
}

function NewForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const { create } = useRegistryActions();
  return (
    <Question
      title="New registered model"
      verb="Create"
      onAct={async () => {
        await create(name.trim(), note);
        onClose();
        window.location.hash = `#/models/${encodeURIComponent(name.trim())}`;
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
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </label>
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
