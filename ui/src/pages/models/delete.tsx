// Deleting a model or a version: it cannot be undone, so its name is typed and what goes with it is said.
import { type ReactNode, useState } from "react";
import { useRegistryActions } from "../../api/registry";
import type { RegisteredModelAlias } from "../../api/wire";
import { Dialog } from "../../components/dialog";
import { Question } from "../../components/question";
import { say } from "../../components/toast";
import { count } from "../../lib/format";

interface TypedProps {
  title: string;
  word: string; // what is typed
  children: ReactNode; // what goes with it
  onDelete: () => Promise<unknown>;
  onClose: () => void;
}

function Typed({ title, word, children, onDelete, onClose }: TypedProps) {
  const [typed, type] = useState("");
  return (
    <Question
      title={title}
      verb="Delete for good"
      danger
      ready={typed === word}
      onAct={onDelete}
      onClose={onClose}
    >
      {children}
      <label>
        <span>
          Type <code className="name">{word}</code> to confirm
        </span>
        <input
          className="field mono"
          // biome-ignore lint/a11y/noAutofocus: it is all that is asked
          autoFocus
          autoComplete="off"
          value={typed}
          onChange={(event) => type(event.target.value)}
        />
      </label>
    </Question>
  );
}

interface DeleteModelProps {
  name: string;
  versions: number;
  aliases: RegisteredModelAlias[];
  open: boolean;
  onClose: () => void;
}

export function DeleteModel({ name, versions, aliases, open, onClose }: DeleteModelProps) {
  const { remove } = useRegistryActions();
  return (
    <Dialog label={`Delete ${name}`} open={open} onClose={onClose}>
      <Typed
        title={`Delete ${name}?`}
        word={name}
        onClose={onClose}
        onDelete={async () => {
          await remove(name);
          onClose();
          window.location.hash = "#/models";
          say(`Deleted the model “${name}”.`);
        }}
      >
        <p>
          {count(versions, "version")}
          {aliases.length > 0 ? `, ${aliases.map((one) => `@${one.alias}`).join(", ")}` : ""} and
          the history of who moved what go with it. Programs that load <code>models:/{name}</code>{" "}
          find nothing then. The files and the logged models of the runs stay. This cannot be
          undone.
        </p>
      </Typed>
    </Dialog>
  );
}

interface DeleteVersionProps {
  name: string;
  version: string;
  aliases: RegisteredModelAlias[]; // of this version
  open: boolean;
  onClose: () => void;
}

export function DeleteVersion({ name, version, aliases, open, onClose }: DeleteVersionProps) {
  const { removeVersion } = useRegistryActions();
  const gone = aliases.map((one) => `@${one.alias}`).join(", ");
  return (
    <Dialog label={`Delete version ${version}`} open={open} onClose={onClose}>
      <Typed
        title={`Delete version ${version} of ${name}?`}
        word={version}
        onClose={onClose}
        onDelete={async () => {
          await removeVersion(name, version);
          onClose();
          window.location.hash = `#/models/${encodeURIComponent(name)}`;
          say(`Deleted version ${version} of “${name}”.`);
        }}
      >
        <p>
          {gone ? `${gone} will lead to nothing. ` : ""}
          Its number is not given again. The files and the logged model of the run stay. This cannot
          be undone.
        </p>
      </Typed>
    </Dialog>
  );
}
