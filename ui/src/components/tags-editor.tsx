// Tags: shown, changed, added and removed where they stand.
import { useState } from "react";
import type { KeyValue } from "../api/wire";
import { isOwn } from "../lib/finding";
import { Facts, Value } from "./facts";
import { say, sayError } from "./toast";

const NEW = ""; // no tag has this key

interface TagsEditorProps {
  tags: KeyValue[];
  of: string; // whose tags these are, for messages
  finds?: (text: string) => boolean; // what a search of the page leaves
  onSet: (key: string, value: string) => Promise<unknown>;
  onRemove: (key: string) => Promise<unknown>;
}

export function TagsEditor({ tags, of, finds = () => true, onSet, onRemove }: TagsEditorProps) {
  const [edited, edit] = useState<string>();
  const all = tags.filter((tag) => !isOwn(tag));
  const done = () => edit(undefined);
  const remove = async ({ key = "", value = "" }: KeyValue) => {
    try {
      await onRemove(key);
      say(`Removed the tag ${key} of ${of}.`, () => onSet(key, value));
    } catch (error) {
      sayError(error);
    }
  };
  return (
    <Facts
      title="Tags"
      all={all}
      found={all.filter(({ key, value }) => finds(`${key} ${value}`))}
      empty="No tags: words to find it by."
      row={(tag) =>
        tag.key === edited ? (
          <tr key={tag.key}>
            <td colSpan={3}>
              <TagForm start={tag} onSet={onSet} done={done} />
            </td>
          </tr>
        ) : (
          <tr key={tag.key}>
            <th scope="row" className="mono">
              {tag.key}
            </th>
            <td className="mono">
              <Value text={tag.value ?? ""} />
            </td>
            <td className="acts">
              <button type="button" className="plain" onClick={() => edit(tag.key)}>
                Edit<span className="hidden-text"> the tag {tag.key}</span>
              </button>
              <button type="button" className="plain" onClick={() => remove(tag)}>
                Remove<span className="hidden-text"> the tag {tag.key}</span>
              </button>
            </td>
          </tr>
        )
      }
    >
      {edited === NEW ? (
        <TagForm onSet={onSet} done={done} />
      ) : (
        <button type="button" className="plain" onClick={() => edit(NEW)}>
          Add a tag
        </button>
      )}
    </Facts>
  );
}

interface TagFormProps {
  start?: KeyValue; // the tag that is changed; without it a new one
  onSet: (key: string, value: string) => Promise<unknown>;
  done: () => void;
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
          done();
        } catch (error) {
          sayError(error);
        }
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault(); // a dialog around it stays
        done();
      }}
    >
      <input
        className="field mono"
        aria-label="Key of the tag"
        placeholder="Key"
        required
        pattern=".*\S.*"
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus={start === undefined}
        disabled={start !== undefined}
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      <input
        className="field mono"
        aria-label="Value of the tag"
        placeholder="Value"
        // biome-ignore lint/a11y/noAutofocus: as above
        autoFocus={start !== undefined}
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <button type="submit" className="button">
        Save
      </button>
      <button type="button" className="plain" onClick={done}>
        Cancel
      </button>
    </form>
  );
}
