// A description: read, and written where it stands.
import { lazy, Suspense, useState } from "react";
import { sayError } from "./toast";

const Markdown = lazy(async () => ({ default: (await import("./markdown")).Markdown }));

interface DescriptionProps {
  text: string;
  of: string; // whose description it is
  onSave: (text: string) => Promise<unknown>;
}

export function Description({ text, of, onSave }: DescriptionProps) {
  const [draft, setDraft] = useState<string>();
  if (draft === undefined) {
    return (
      <section className="description">
        {text ? (
          <Suspense fallback={<p className="prose">{text}</p>}>
            <div className="prose">
              <Markdown text={text} />
            </div>
          </Suspense>
        ) : null}
        <button type="button" className="plain" onClick={() => setDraft(text)}>
          {text ? "Edit the description" : "Add a description"}
          <span className="hidden-text"> of {of}</span>
        </button>
      </section>
    );
  }
  return (
    <form
      className="dialog"
      onSubmit={async (event) => {
        event.preventDefault();
        try {
          await onSave(draft);
          setDraft(undefined);
        } catch (error) {
          sayError(error);
        }
      }}
    >
      <textarea
        className="field area mono"
        aria-label={`Description of ${of}`}
        rows={6}
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
      />
      <div className="line">
        <button type="submit" className="button main">
          Save
        </button>
        <button type="button" className="button" onClick={() => setDraft(undefined)}>
          Cancel
        </button>
      </div>
    </form>
  );
}
