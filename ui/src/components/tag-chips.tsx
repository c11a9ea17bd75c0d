// The first tags of a row and the beginning of its description.
import type { KeyValue } from "../api/wire";
import { isOwn } from "../lib/finding";

const SHOWN = 4;

interface TagChipsProps {
  tags: KeyValue[];
  note?: string | undefined;
  onTag?: (key: string, value: string) => void;
}

export function TagChips({ tags, note, onTag }: TagChipsProps) {
  const shown = tags.filter((tag) => !isOwn(tag));
  const rest = shown.length - SHOWN;
  return (
    <span className="row-tags">
      {shown.slice(0, SHOWN).map(({ key = "", value = "" }) =>
        onTag ? (
          <button
            key={key}
            type="button"
            className="chip"
            title={`Find ${key}: ${value}`}
            onClick={() => onTag(key, value)}
          >
            {key}: {value}
          </button>
        ) : (
          <span key={key} className="chip" title={`${key}: ${value}`}>
            {key}: {value}
          </span>
        ),
      )}
      {rest > 0 ? <span className="quiet">+{rest}</span> : null}
      {note ? (
        <span className="quiet" title={note.slice(0, 1000)}>
          {note.slice(0, 200)}
        </span>
      ) : null}
    </span>
  );
}
