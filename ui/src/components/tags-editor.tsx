// Tags: shown, changed, added and removed where they stand.
import { useState } from "react";
import type { KeyValue } from "../api/wire";
import { isOwn } from "../lib/finding";
import { say, sayError } from "./toast";

interface TagsEditorProps {
  tags: KeyValue[];
  of: string; // whose tags these are, for messages
  onSet: (key: string, value: string) => Promise<unknown>;
  onRemove: (key: string) => Promise<unknown>;
}

export function TagsEditor({ tags, of, onSet, onRemove }: TagsEditorProps) {
  const [edited, edit] = useState<string>();
  const shown = tags.filter((tag) => !isOwn(tag));
  const remove = async ({ key = "", value = "" }: KeyValue) => {
    try {
      await onRemove(key);
      say(`Removed the tag ${key} of ${of}.`, () => onSet(key, value));
    } catch (error) {
      sayError(error);
    }
  };
  return (
    <section className="tags">
      <h3>
        Tags <span className="quiet">{shown.length || ""}</span>
      </h3>
      {shown.length > 0 ? (
        <table className="pairs">
          <tbody>
            {shown.map((tag) =>
              tag.key === edited ? (
                <tr key={tag.key}>
                  <td colSpan={3}>
                    <TagForm start={tag} onSet={onSet} done={() => edit(undefined)} />
                  </td>
                </tr>
              ) : (
                <tr key={tag.key}>
                  <th scope="row" className="mono">
                    {tag.key}
                  </th>
                  <td className="mono">{tag.value}</td>
                  <td className="acts">
                    <button type="button" className="plain" onClick={() => edit(tag.key)}>
                      Edit<span className="hidden-text"> the tag {tag.key}</span>
                    </button>
                    <button type="button" className="plain" onClick={() => remove(tag)}>
                      Remove<span className="hidden-text"> the tag {tag.key}</span>
                    </button>
                  </td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      ) : null}
      <TagForm onSet={onSet} />
    </section>
  );
}

interface TagFormProps {
  start?: KeyValue; // the tag that is changed; without it a new one
  onSet: (key: string, value: string) => Promise<unknown>;
  done?: () => void;
}

function TagForm({ start, onSet, done }: TagFormProps) {
  const [key, setKey] = useState(start?.key ?? "");
  const [value, setValue] = useState(start?.value ?? "");
  return (
    <form
      className="line tag-form"
      onSubmit={async (event) => {
        event.preventDefault();
        try {
          await onSet(key.trim(), value);
        } catch (error) {
          sayError(error);
          return;
        }
        if (!start) {
          setKey("");
          setValue("");
        }
        done?.();
      }}
    >
      <input
        className="field mono"
        aria-label="Key of the tag"
        placeholder="Key"
        required
        pattern=".*\S.*"
        disabled={start !== undefined}
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      <input
        className="field mono"
        aria-label="Value of the tag"
        placeholder="Value"
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus={start !== undefined}
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <button type="submit" className="button">
        {start ? "Save" : "Add a tag"}
      </button>
      {done ? (
        <button type="button" className="button" onClick={done}>
          Cancel
        </button>
      ) : null}
    </form>
  );
}
