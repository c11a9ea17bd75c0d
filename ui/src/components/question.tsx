// The form in a dialog: what is asked, one button that does it, one that does not, and what went wrong.
import { type ReactNode, useState } from "react";

interface QuestionProps {
  title?: string;
  verb: string; // on the button
  meanwhile?: string; // on it while it is being done
  danger?: boolean;
  ready?: boolean;
  onAct: () => Promise<unknown>; // closes the dialog itself where it goes on to another page
  onClose?: () => void; // without it there is no way around
  children: ReactNode;
}

export function Question(props: QuestionProps) {
  const { title, verb, meanwhile = verb, danger, ready = true, onAct, onClose, children } = props;
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  return (
    <form
      className="dialog"
      onChange={() => setError("")}
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        try {
          await onAct();
        } catch (failed) {
          setError(failed instanceof Error ? failed.message : String(failed));
          setBusy(false);
        }
      }}
    >
      {title ? <h2 className="name">{title}</h2> : null}
      {children}
      {error ? (
        <p className="bad" role="alert">
          {error}
        </p>
      ) : null}
      <div className="line">
        <button
          type="submit"
          className={`button ${danger ? "danger" : "main"}`}
          disabled={busy || !ready}
        >
          {busy ? meanwhile : verb}
        </button>
        {onClose ? (
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
        ) : null}
      </div>
    </form>
  );
}
