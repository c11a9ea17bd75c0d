// Pages, plots and PDFs: shown on a click, apart from this page, where they reach nothing.
import { useState } from "react";
import { type Source, usePreview } from "../../api/files";
import { nameOf } from "../../lib/kinds";
import { Failed, Loading } from "../notes";

export function FramedFile({ source, isDocument }: { source: Source; isDocument: boolean }) {
  const [open, setOpen] = useState(false);
  const { data, error, refetch } = usePreview(source, open);
  if (error) return <Failed error={error} again={refetch} />;
  if (!open) {
    return (
      <p className="line">
        <button type="button" className="button" onClick={() => setOpen(true)}>
          Show the {isDocument ? "document" : "page"}
        </button>
        <span className="quiet">
          {isDocument
            ? "The browser's own reader opens it."
            : "It runs in a sandbox that reaches nothing else."}
        </span>
      </p>
    );
  }
  if (!data) return <Loading rows={3} />;
  // A browser's reader of PDFs does not run in a sandbox; what it reads is never a page.
  return isDocument ? (
    <iframe className="view" title={nameOf(source.path)} src={data} />
  ) : (
    <iframe className="view" title={nameOf(source.path)} src={data} sandbox="allow-scripts" />
  );
}
