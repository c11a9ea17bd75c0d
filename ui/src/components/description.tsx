// A description in Markdown: read as it is meant, written beside what becomes of it.
import { lazy, Suspense, useState } from "react";
import { sayError } from "./toast";

const Markdown = lazy(async () => ({ default: (await import("./markdown")).Markdown }));

interface DescriptionProps {
  text: string;
  of: string; // whose description it is
  what?: "description" | "note";
  onSave: (text: string) => Promise<unknown>;
}

export function Description({ text, of, what = "description", onSave }: DescriptionProps) {
  const [draft, setDraft] = useState<string>();
  const [busy, setBusy] = useState(false);
  const leave = () => setDraft(undefined);
  if (draft === undefined) {
    return (
      <section className={text ? "described" : undefined}>
        {text ? <Prose text={text} /> : null}
        <button type="button" className="plain" onClick={() => setDraft(text)}>
          {text ? `Edit the ${what}` : `Add a ${what}`}
          <span className="hidden-text"> of {of}</span>
        </button>
      </section>
    );
  }
  return (
    <form
      className="note-form"
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        try {
          await onSave(draft);
          leave();
        } catch (error) {
          sayError(error);
        }
        setBusy(false);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault(); // a dialog around it stays
          leave();
        }
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.currentTarget.requestSubmit();
        }
      }}
    >
      <div className="halves">
        <textarea
          className="field"
          aria-label={`The ${what} of ${of}`}
          placeholder="What it is for, what was tried, what came of it. **Markdown** is read."
          // biome-ignore lint/a11y/noAutofocus: it was just asked for
          autoFocus
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
        />
        <section className="draft" aria-label={`Preview of the ${what}`}>
          {draft.trim() ? <Prose text={draft} /> : <p className="quiet">Nothing yet.</p>}
        </section>
      </div>
      <div className="line">
        <button type="submit" className="button main" disabled={busy}>
          Save
        </button>
        <button type="button" className="plain" onClick={leave}>
          Cancel
        </button>
        <span className="quiet wide">Ctrl+Enter saves, Esc leaves it as it was</span>
      </div>
    </form>
  );
}

function Prose({ text }: { text: string }) {
  return (
    <Suspense fallback={<p className="prose">{text}</p>}>
      <div className="prose">
        <Markdown text={text} />
      </div>
    </Suspense>
  );
}
