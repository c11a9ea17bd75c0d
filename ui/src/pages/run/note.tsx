// The note of a run, in Markdown: read as it is meant, written beside what becomes of it.
import { useState } from "react";
import { useChange } from "../../api/run";
import { Markdown } from "../../components/markdown";

const TAG = "mlflow.note.content";

export function RunNote({ runId, text }: { runId: string; text: string }) {
  const change = useChange(runId);
  const [draft, setDraft] = useState<string>();
  if (draft === undefined) {
    return (
      <section className={text ? "described" : undefined}>
        {text ? <Markdown text={text} /> : null}
        <button type="button" className="plain" onClick={() => setDraft(text)}>
          {text ? "Edit the note" : "Add a note"}
        </button>
      </section>
    );
  }
  const save = async () => {
    if (draft.trim()) await change.mutateAsync({ kind: "tag", key: TAG, value: draft });
    else if (text) await change.mutateAsync({ kind: "untag", key: TAG });
    setDraft(undefined);
  };
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save().catch(() => undefined);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") setDraft(undefined);
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.currentTarget.requestSubmit();
        }
      }}
    >
      <div className="halves">
        <textarea
          className="field"
          aria-label="Note in Markdown"
          placeholder="What was tried, and what came of it. **Markdown** is read."
          // biome-ignore lint/a11y/noAutofocus: one asked for the form
          autoFocus
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
        />
        <section className="draft" aria-label="Preview of the note">
          {draft.trim() ? <Markdown text={draft} /> : <p className="quiet">Nothing yet.</p>}
        </section>
      </div>
      {change.error ? (
        <p className="bad" role="alert">
          {change.error.message}
        </p>
      ) : null}
      <div className="line">
        <button type="submit" className="button main" disabled={change.isPending}>
          Save the note
        </button>
        <button type="button" className="plain" onClick={() => setDraft(undefined)}>
          Cancel
        </button>
        <span className="quiet wide">Ctrl+Enter saves, Esc leaves it as it was</span>
      </div>
    </form>
  );
}
