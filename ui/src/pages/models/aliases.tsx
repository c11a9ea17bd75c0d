// Setting, moving and removing an alias: the question says what it touches, now and then.
import { useId, useState } from "react";
import { useRegistryActions } from "../../api/registry";
import type { RegisteredModelAlias } from "../../api/wire";
import { Dialog } from "../../components/dialog";
import { Question } from "../../components/question";
import { say } from "../../components/toast";

/** What is asked about: an alias, a version, or that this alias goes to this version. */
export interface AliasMove {
  alias?: string;
  version?: string;
}

interface AliasDialogProps {
  model: string;
  move: AliasMove | undefined;
  aliases: RegisteredModelAlias[]; // of all versions
  versions: string[];
  onClose: () => void;
}

export function AliasDialog(props: AliasDialogProps) {
  const { move, onClose } = props;
  const label = move?.version ? `Alias of version ${move.version}` : `Alias @${move?.alias ?? ""}`;
  return (
    <Dialog label={label} open={move !== undefined} onClose={onClose}>
      <AliasForm {...props} />
    </Dialog>
  );
}

function AliasForm({ model, move, aliases, versions, onClose }: AliasDialogProps) {
  const id = useId();
  const actions = useRegistryActions();
  const [alias, setAlias] = useState(move?.alias ?? "");
  const [version, setVersion] = useState(move?.version ?? "");
  const before = aliases.find((one) => one.alias === alias)?.version;
  const isHere = before !== undefined && String(before) === version;
  const act = async () => {
    const back =
      before === undefined
        ? () => actions.removeAlias(model, alias)
        : () => actions.setAlias(model, alias, String(before));
    if (isHere) await actions.removeAlias(model, alias);
    else await actions.setAlias(model, alias, version);
    onClose();
    say(isHere ? `Removed @${alias}.` : `@${alias} leads to version ${version} now.`, back);
  };
  return (
    <Question
      verb={isHere ? "Remove" : before ? "Move" : "Set"}
      ready={alias !== "" && version !== ""}
      onAct={act}
      onClose={onClose}
    >
      <label>
        Alias
        <input
          className="field"
          required
          list={`${id}-aliases`}
          value={alias}
          onChange={(event) => {
            setAlias(event.target.value);
          }}
        />
      </label>
      <datalist id={`${id}-aliases`}>
        {aliases.map((one) => (
          <option key={one.alias} value={one.alias} />
        ))}
      </datalist>
      {move?.version ? null : (
        <label>
          Version
          <select
            className="field"
            data-first
            required
            value={version}
            onChange={(event) => setVersion(event.target.value)}
          >
            <option value="">Choose a version</option>
            {versions
              .filter((one) => one !== String(before))
              .map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
          </select>
        </label>
      )}
      <p>{consequence(model, alias, version, before)}</p>
    </Question>
  );
}

function consequence(
  model: string,
  alias: string,
  version: string,
  before: string | number | undefined,
): string {
  if (!alias) return "A name that programs load this version by.";
  const uri = `models:/${model}@${alias}`;
  if (!version) return `${uri} leads to version ${before} now.`;
  if (String(before) === version) return `${uri} will lead to nothing until it is set again.`;
  if (before)
    return `${uri} leads to version ${before} now, and to version ${version} from then on.`;
  return `${uri} will lead to version ${version}.`;
}
