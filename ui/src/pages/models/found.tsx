// What stands in place of a list of models: what is wrong with the search, that it failed, is on its way, or found nothing.
import type { ReactNode } from "react";
import { Failed, Loading, Note } from "../../components/notes";

interface FoundProps {
  wrong: string | undefined; // of the search
  error: Error | null;
  again: () => unknown;
  count: number | undefined; // of what was found; none before there is an answer
  find: string;
  onAll: () => void;
  empty: string; // the title where there is nothing at all
  children: ReactNode; // what to do then
}

export function Found({ wrong, error, again, count, find, onAll, empty, children }: FoundProps) {
  if (wrong) {
    return (
      <p className="form bad" role="alert">
        {wrong}
      </p>
    );
  }
  if (count === undefined)
    return error ? <Failed error={error} again={again} /> : <Loading rows={14} />;
  if (count > 0) return null;
  return (
    <Note title={find ? "No model is like that" : empty}>
      {find ? (
        <button type="button" className="button" onClick={onAll}>
          Show all
        </button>
      ) : (
        children
      )}
    </Note>
  );
}
