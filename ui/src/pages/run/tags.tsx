// The tags of a run: added, changed and deleted in place; what was deleted can be put back.
import { useState } from "react";
import { useChange } from "../../api/run";
import type { Row } from "../../lib/runset";
import { Facts, Value } from "./facts";

export function Tags({ row, finds }: { row: Row; finds: (text: string) => boolean }) {
  const change = useChange(row.id);
  const [edited, edit] = useState<string>();
  const [gone, setGone] = useState<[string, string]>();
  const all = [...row.tags].filter(([key]) => !key.startsWith("mlflow."));
  const found = all.filter(([key, value]) => finds(`${key} ${value}`));
  const save = async (key: string, value: string) => {
    await change.mutateAsync({ kind: "tag", key, value });
    edit(undefined);
    setGone(undefined);
  };
  return (
    <Facts
      title="Tags"
      all={all}
      found={found}
      empty="No tags: words to find this run by."
      row={([key, value]) => (
        <tr key={key}>
          <th scope="row" className="mono">
            {key}
          </th>
          {edited === key ? (
            <td colSpan={2}>
              <Form
                start={{ key, value }}
                onSave={save}
                onCancel={() => edit(undefined)}
                error={change.error}
              />
            </td>
          ) : (
            <>
              <td className="mono">
                <Value text={value} />
              </td>
              <td className="acts">
                <button type="button" className="plain" onClick={() => edit(key)}>
                  Edit<span className="hidden-text"> {key}</span>
                </button>{" "}
                <button
                  type="button"
                  className="plain"
                  onClick={async () => {
                    await change.mutateAsync({ kind: "untag", key });
                    setGone([key, value]);
                  }}
                >
                  Delete<span className="hidden-text"> {key}</span>
                </button>
              </td>
            </>
          )}
        </tr>
      )}
    >
      {gone ? (
        <p className="line" role="status">
          Tag {gone[0]} was deleted.
          <button type="button" className="plain" onClick={() => save(...gone)}>
            Undo
          </button>
        </p>
      ) : null}
      {edited === "" ? (
        <Form onSave={save} onCancel={() => edit(undefined)} error={change.error} />
      ) : (
        <button type="button" className="plain" onClick={() => edit("")}>
          Add a tag
        </button>
      )}
    </Facts>
  );
}

interface FormProps {
  start?: { key: string; value: string };
  onSave: (key: string, value: string) => Promise<void>;
  onCancel: () => void;
  error: Error | null;
}

function Form({ start, onSave, onCancel, error }: FormProps) {
  const [key, setKey] = useState(start?.key ?? "");
  const [value, setValue] = useState(start?.value ?? "");
  return (
    <form
      className="line"
      onSubmit={(event) => {
        event.preventDefault();
        // A failure is shown below: the form stays.
        void onSave(key.trim(), value).catch(() => undefined);
      }}
      onKeyDown={(event) => (event.key === "Escape" ? onCancel() : undefined)}
    >
      {start ? null : (
        <input
          className="field short"
          aria-label="Key"
          placeholder="Key"
          required
          // biome-ignore lint/a11y/noAutofocus: one asked for the form
          autoFocus
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
      )}
      <input
        className="field short"
        aria-label="Value"
        placeholder="Value"
        // biome-ignore lint/a11y/noAutofocus: as above
        autoFocus={start !== undefined}
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <button type="submit" className="button">
        Save
      </button>
      <button type="button" className="plain" onClick={onCancel}>
        Cancel
      </button>
      {error ? (
        <p className="bad" role="alert">
          {error.message}
        </p>
      ) : null}
    </form>
  );
}
