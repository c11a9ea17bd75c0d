// What an evaluation left: its tables, and the pictures beside them.
import { fileAddress } from "../../api/files";
import { useFiles } from "../../api/queries";
import { Failed, Loading, Note } from "../../components/notes";
import { FileView } from "../../components/preview/file";
import { evaluationOf } from "../../lib/evaluation";
import { nameOf } from "../../lib/kinds";
import type { Row } from "../../lib/runset";
import { useField } from "../../state/location";

export default function Evaluation({ row }: { row: Row }) {
  const { data, error, refetch } = useFiles(row.id, "");
  const { tables, pictures } = evaluationOf(
    row.tags.get("mlflow.loggedArtifacts") ?? "",
    (data ?? []).map((file) => file.path ?? ""),
  );
  const [table, setTable] = useField("table", tables[0]);
  if (error) return <Failed error={error} again={refetch} />;
  if (!data) return <Loading />;
  if (tables.length === 0 && pictures.length === 0) {
    return (
      <Note title="No evaluation">
        <pre>{'mlflow.log_table({"question": ["…"], "score": [0.5]}, "eval.json")'}</pre>
      </Note>
    );
  }
  return (
    <div className="padded evaluation">
      {tables.length > 1 ? (
        <div className="line">
          {tables.map((path) => (
            <button
              key={path}
              type="button"
              className="button mono"
              aria-pressed={path === table}
              onClick={() => setTable(path)}
            >
              {path}
            </button>
          ))}
        </div>
      ) : (
        <h2 className="mono">{table}</h2>
      )}
      {tables.length > 0 ? (
        <div className="preview bounded">
          <FileView key={table} source={{ runId: row.id, path: table }} />
        </div>
      ) : null}
      {pictures.length > 0 ? (
        <div className="sides gallery">
          {pictures.map((path) => (
            <figure key={path}>
              <figcaption className="mono">{path}</figcaption>
              <img src={fileAddress({ runId: row.id, path })} alt={nameOf(path)} loading="lazy" />
            </figure>
          ))}
        </div>
      ) : null}
    </div>
  );
}
