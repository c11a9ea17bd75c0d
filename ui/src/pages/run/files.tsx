// The files of a run: a tree that opens where one looks, and a look into one.
import { lazy, Suspense, useMemo } from "react";
import { fileAddress } from "../../api/files";
import { useFiles } from "../../api/queries";
import { Failed, Loading, Note } from "../../components/notes";
import { bytes, count } from "../../lib/format";
import { kindOf, nameOf } from "../../lib/kinds";
import type { Row } from "../../lib/runset";
import { inOrder } from "../../lib/tree";
import { useField } from "../../state/location";
import { Tree } from "./tree";

const LISTED = 500; // files of a folder that are drawn

const FileView = lazy(() =>
  import("../../components/preview/file").then((found) => ({ default: found.FileView })),
);

export default function Files({ row }: { row: Row }) {
  const runId = row.id;
  const grows = row.status === "RUNNING";
  const [path, setPath] = useField("path");
  const ids = useMemo(() => [runId], [runId]);
  const { data, error, refetch } = useFiles(runId, "", grows);
  if (error) return <Failed error={error} again={refetch} />;
  if (!data) return <Loading />;
  if (data.length === 0) {
    return (
      <Note title="No files">
        <p>Files, figures, tables and models that the run logs appear here.</p>
        <pre>{'mlflow.log_artifact("report.html")'}</pre>
      </Note>
    );
  }
  return (
    <div className="files">
      <Tree runIds={ids} grows={grows} chosen={path} onChoose={setPath} />
      <section className="preview" aria-label="Preview">
        {path ? (
          <Chosen key={path} runId={runId} path={path} onChoose={setPath} />
        ) : (
          <p className="quiet">Choose a file: nothing is loaded before.</p>
        )}
      </section>
    </div>
  );
}

interface ChosenProps {
  runId: string;
  path: string;
  onChoose: (path: string) => void;
}

function Chosen({ runId, path, onChoose }: ChosenProps) {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const { data: siblings } = useFiles(runId, folder);
  const file = siblings?.find((one) => one.path === path);
  const isEmpty = file?.is_dir !== true && Number(file?.file_size) === 0;
  if (siblings && !file) {
    return (
      <Note title="There is no such file">
        <p>
          The run has no file <code>{path}</code>. It may have been deleted, or is still on its way.
        </p>
      </Note>
    );
  }
  return (
    <>
      <div className="line">
        <h2 className="mono">{path}</h2>
        {file && !file.is_dir ? (
          <span className="quiet">{bytes(Number(file.file_size ?? 0))}</span>
        ) : null}
        {file && !file.is_dir ? (
          <a className="button" href={fileAddress({ runId, path })} download={nameOf(path)}>
            Download
          </a>
        ) : null}
      </div>
      {file && kindOf(path) === "image" ? (
        <Neighbours
          paths={inOrder(siblings ?? []).map((one) => one.path ?? "")}
          path={path}
          onChoose={onChoose}
        />
      ) : null}
      {file?.is_dir ? <Listing runId={runId} path={path} onChoose={onChoose} /> : null}
      {isEmpty ? <p className="quiet">This file is empty.</p> : null}
      {file && !file.is_dir && !isEmpty ? (
        <Suspense fallback={<Loading />}>
          <FileView source={{ runId, path }} />
        </Suspense>
      ) : null}
    </>
  );
}

/** The way to the pictures before and after one in its folder. */
function Neighbours(props: { paths: string[]; path: string; onChoose: (path: string) => void }) {
  const pictures = props.paths.filter((one) => kindOf(one) === "image");
  const at = pictures.indexOf(props.path);
  if (pictures.length < 2) return null;
  const button = (text: string, to: string | undefined) => (
    <button
      type="button"
      className="button"
      disabled={to === undefined}
      onClick={() => (to === undefined ? undefined : props.onChoose(to))}
    >
      {text}
    </button>
  );
  return (
    <div className="line">
      {button("Previous picture", pictures[at - 1])}
      {button("Next picture", pictures[at + 1])}
      <span className="quiet">
        {at + 1} of {pictures.length}
      </span>
    </div>
  );
}

function Listing({ runId, path, onChoose }: ChosenProps) {
  const { data, error } = useFiles(runId, path);
  if (error) return <Failed error={error} />;
  if (!data) return <Loading rows={4} />;
  const size = data.reduce((sum, file) => sum + Number(file.file_size ?? 0), 0);
  return (
    <>
      <p className="quiet">
        {count(data.length, "entry").replace("entrys", "entries")}
        {size > 0 ? `, ${bytes(size)} in files` : ""}
      </p>
      <table className="pairs listing">
        <tbody>
          {inOrder(data)
            .slice(0, LISTED)
            .map((file) => (
              <tr key={file.path}>
                <th scope="row">
                  <button
                    type="button"
                    className="plain mono"
                    onClick={() => onChoose(file.path ?? "")}
                  >
                    {nameOf(file.path ?? "")}
                    {file.is_dir ? "/" : ""}
                  </button>
                </th>
                <td className="number">{file.is_dir ? "" : bytes(Number(file.file_size ?? 0))}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {data.length > LISTED ? (
        <p className="quiet">The first {LISTED} are shown here, all of them in the tree.</p>
      ) : null}
    </>
  );
}
