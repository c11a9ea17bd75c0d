// Making a version of a registered model of a logged one.
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { call } from "../../api/client";
import { useRegistryActions } from "../../api/registry";
import { Dialog } from "../../components/dialog";
import { Question } from "../../components/question";
import { say } from "../../components/toast";
import { like } from "../../lib/searching";
import { useDebounced } from "../../state/debounced";

interface RegisterProps {
  modelId: string;
  runId: string | undefined;
  suggestion: string;
  open: boolean;
  onClose: () => void;
}

export function Register(props: RegisterProps) {
  return (
    <Dialog label="Register the model" open={props.open} onClose={props.onClose}>
      <RegisterForm {...props} />
    </Dialog>
  );
}

function RegisterForm({ modelId, runId, suggestion, onClose }: RegisterProps) {
  const id = useId();
  const [name, setName] = useState(suggestion);
  const actions = useRegistryActions();
  const sought = useDebounced(name.trim());
  const { data: known } = useQuery({
    queryKey: ["models", "named like", sought],
    queryFn: async ({ signal }) =>
      (
        await call(
          "GET /api/2.0/mlflow/registered-models/search",
          { max_results: 20, ...(sought ? { filter: like("name", sought) } : {}) },
          signal,
        )
      ).registered_models ?? [],
  });
  const isThere = (known ?? []).some((one) => one.name === name.trim());
  const register = async () => {
    const wanted = name.trim();
    if (!isThere) await actions.create(wanted, "");
    const { model_version } = await actions.register(wanted, `models:/${modelId}`, modelId, runId);
    onClose();
    window.location.hash = `#/models/${encodeURIComponent(wanted)}/versions/${model_version?.version}`;
    say(`Registered as version ${model_version?.version} of “${wanted}”.`);
  };
  return (
    <Question
      title="Register the model"
      verb="Register"
      meanwhile="Checking the files…"
      ready={name.trim() !== ""}
      onAct={register}
      onClose={onClose}
    >
      <label>
        Registered model
        <input
          className="field"
          // biome-ignore lint/a11y/noAutofocus: it was just asked for
          autoFocus
          required
          list={id}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </label>
      <datalist id={id}>
        {(known ?? []).map((one) => (
          <option key={one.name} value={one.name} />
        ))}
      </datalist>
      <p className="quiet">
        {isThere
          ? "It becomes its next version."
          : "A new registered model, with this as version 1."}{" "}
        The server holds the files to their digests first.
      </p>
    </Question>
  );
}
