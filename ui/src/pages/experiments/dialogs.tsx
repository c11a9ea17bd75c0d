// A new experiment, and what is said about one.
import { NOTE, useExperimentActions } from "../../api/experiments";
import type { Experiment } from "../../api/wire";
import { Ago } from "../../components/ago";
import { Copy } from "../../components/copy";
import { Description } from "../../components/description";
import { Dialog } from "../../components/dialog";
import { NewDialog } from "../../components/new-dialog";
import { TagsEditor } from "../../components/tags-editor";

interface NewProps {
  folder: string; // with its slash
  open: boolean;
  onClose: () => void;
}

export function NewExperiment({ folder, open, onClose }: NewProps) {
  const { create } = useExperimentActions();
  return (
    <NewDialog
      title="New experiment"
      start={folder}
      open={open}
      onCreate={async (name, note) => {
        const id = await create(name, note.trim() ? [{ key: NOTE, value: note }] : []);
        return `#/experiments/${id}`;
      }}
      onClose={onClose}
    >
      What names share before a slash is a folder: <code>vision/digits</code>.
    </NewDialog>
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
          <Ago ms={experiment?.creation_time} did="created" />
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
