// A new experiment, and what is said about one.
import { useState } from "react";
import { NOTE, useExperimentActions } from "../../api/experiments";
import type { Experiment } from "../../api/wire";
import { Copy } from "../../components/copy";
import { Description } from "../../components/description";
import { Dialog } from "../../components/dialog";
import { Question } from "../../components/question";
import { TagsEditor } from "../../components/tags-editor";
import { ago } from "../../lib/format";

interface NewProps {
  folder: string; // with its slash
  open: boolean;
  onClose: () => void;
}

export function NewExperiment({ folder, open, onClose }: NewProps) {
  return (
    <Dialog label="New experiment" open={open} onClose={onClose}>
      <NewForm folder={folder} onClose={onClose} />
    </Dialog>
  );
}

function NewForm({ folder, onClose }: Omit<NewProps, "open">) {
  const [name, setName] = useState(folder);
  const [note, setNote] = useState("");
  const { create } = useExperimentActions();
  return (
    <Question
      title="New experiment"
      verb="Create"
      onAct={async () => {
        const tags = note.trim() ? [{ key: NOTE, value: note }] : [];
        const id = await create(name.trim(), tags);
        onClose();
        window.location.hash = `#/experiments/${id}`;
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
          aria-describedby="about-folders"
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </label>
      <p id="about-folders" className="quiet">
        What names share before a slash is a folder: <code>vision/digits</code>.
      </p>
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

interface DetailsProps {
  experiment: Experiment | undefined;
  note: string;
  onClose: () => void;
}

export function Details({ experiment, note, onClose }: DetailsProps) {
  const { setTag, removeTag } = useExperimentActions();
  const { name = "", experiment_id: id = "" } = experiment ?? {};
  return (
    <Dialog
      label={`About ${name || "the experiment"}`}
      className="broad"
      open={experiment !== undefined}
      onClose={onClose}
    >
      <div className="dialog">
        <h2 className="name">{name}</h2>
        <Description text={note} of={name} onSave={(text) => setTag(id, NOTE, text)} />
        <TagsEditor
          tags={experiment?.tags ?? []}
          of={name}
          onSet={(key, value) => setTag(id, key, value)}
          onRemove={(key) => removeTag(id, key)}
        />
        <div className="line quiet">
          <span>created {ago(experiment?.creation_time ?? 0, Date.now())}</span>
          <span className="mono">{experiment?.artifact_location}</span>
        </div>
        <Copy text={`mlflow.set_experiment(experiment_id="${id}")`} />
        <div className="line">
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        </div>
      </div>
    </Dialog>
  );
}
