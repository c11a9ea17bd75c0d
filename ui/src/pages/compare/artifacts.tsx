// A file of several runs side by side.
import { useMemo, useState } from "react";
import { useWhole } from "../../api/files";
import { useHolders } from "../../api/queries";
import { Failed, Loading } from "../../components/notes";
import { Code } from "../../components/preview/code";
import { FileView } from "../../components/preview/file";
import { unified } from "../../lib/diff";
import { kindOf } from "../../lib/kinds";
import type { Row } from "../../lib/runset";
import { useField } from "../../state/location";
import { Tree } from "../run/tree";

const COMPARED = 1_000_000; // bytes of a text
const STEP = 4; // runs whose file is shown, and shown more

interface ArtifactsProps {
  rows: Row[];
  colors: Map<string, string>;
}

export function CompareArtifacts({ rows: all, base, colors }: ArtifactsProps & { base: number }) {
  const [path, setPath] = useField("path");
  // The baseline stands first: the others are held against it.
  const rows = useMemo(
    () => [...all.slice(base, base + 1), ...all.filter((_, at) => at !== base)],
    [all, base],
  );
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  return (
    <div className="files">
      <Tree runIds={ids} chosen={path} onChoose={setPath} />
      <section className="preview" aria-label="Files side by side">
        {path ? (
          <Sides key={path} rows={rows} colors={colors} path={path} />
        ) : (
          <p className="quiet">Choose a file: it is shown as each run has it.</p>
        )}
      </section>
    </div>
  );
}

/** How a text of one run differs from that of another. */
function Difference({ path, rows }: { path: string; rows: [Row, Row] }) {
  const [before, after] = rows;
  const old = useWhole({ runId: before.id, path }, COMPARED);
  const now = useWhole({ runId: after.id, path }, COMPARED);
  const difference = useMemo(
    () =>
      typeof old.data === "string" && typeof now.data === "string"
        ? unified(old.data, now.data)
        : undefined,
    [old.data, now.data],
  );
  const error = old.error ?? now.error;
  if (error) return <Failed error={error} />;
  if (old.data === null || now.data === null) {
    return <p className="quiet">These files are too long to be compared here.</p>;
  }
  if (difference === undefined) return <Loading rows={3} />;
  if (difference === "") {
    return (
      <p className="quiet">
        {after.name} has the same as {before.name}.
      </p>
    );
  }
  return (
    <div className="diff">
      <Code text={difference} language="diff" label={`Difference of ${after.name}`} />
    </div>
  );
}

function Sides({ rows, colors, path }: ArtifactsProps & { path: string }) {
  const [most, setMost] = useState(STEP);
  const holders = useHolders(
    rows.map((row) => row.id),
    path,
  );
  const having = rows.filter((row) => holders.get(row.id) === "file");
  const [differs, setDiffers] = useField("differences");
  const isText = ["text", "markdown", "json", "table", "page"].includes(kindOf(path));
  const lacking = rows.filter((row) => holders.get(row.id) === "none");
  if (having.length === 0 && lacking.length < rows.length) {
    return <p className="quiet">Open the folder and choose a file in it.</p>;
  }
  return (
    <>
      <div className="line">
        <h2 className="mono">{path}</h2>
        {isText && having.length > 1 ? (
          <button
            type="button"
            className="button"
            aria-pressed={differs === "1"}
            onClick={() => setDiffers(differs === "1" ? "" : "1")}
          >
            Differences
          </button>
        ) : null}
      </div>
      <div className={`sides of-${kindOf(path) === "image" ? Math.min(4, having.length) : 2}`}>
        {having.slice(0, most).map((row) => (
          <section key={row.id} className="side" aria-label={`${path} of ${row.name}`}>
            <h3 className="run-name">
              <span className="dot-inline" style={{ background: colors.get(row.id) }} />
              <span className="cut">{row.name}</span>
            </h3>
            {differs === "1" && isText && having[0] && row !== having[0] ? (
              <Difference path={path} rows={[having[0], row]} />
            ) : (
              <div className="preview bounded">
                <FileView source={{ runId: row.id, path }} />
              </div>
            )}
          </section>
        ))}
      </div>
      {having.length > most ? (
        <button type="button" className="button" onClick={() => setMost(most + STEP)}>
          Show {Math.min(STEP, having.length - most)} more of {having.length}
        </button>
      ) : null}
      {lacking.length > 0 ? (
        <p className="quiet">Not in {lacking.map((row) => row.name).join(", ")}.</p>
      ) : null}
    </>
  );
}
