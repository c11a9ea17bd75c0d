// What can be done with the chosen runs: a bar above the foot of the table while there are some.
import { useState } from "react";
import { archiveRuns, restoreRuns, tagRuns } from "../../api/run-acts";
import { Dialog } from "../../components/dialog";
import { MenuButton } from "../../components/menu";
import { Question } from "../../components/question";
import { saveFile } from "../../components/save-file";
import { say, sayError } from "../../components/toast";
import { copyText } from "../../lib/clipboard";
import { csvOf, markdownOf, sheetOf } from "../../lib/export";
import { count } from "../../lib/format";
import type { Column, Row } from "../../lib/runset";
import { hrefOf } from "../../state/location";

const NAMED = 5; // runs that a question names
const COMPARED = 50;

interface BatchProps {
  rows: Row[]; // that are chosen
  columns: Column[];
  isArchive: boolean;
  onDone: (ids: string[]) => void; // after what changes runs
  onClear: () => void;
}

export type Format = "csv" | "parquet" | "markdown";

/** Save rows in a format; what writes Parquet is loaded when it is wanted. */
export async function exportRows(rows: Row[], columns: Column[], format: Format): Promise<void> {
  const sheet = sheetOf(rows, columns);
  if (format === "csv") saveFile("runs.csv", csvOf(sheet), "text/csv");
  else if (format === "parquet") {
    const { parquetOf } = await import("../../lib/parquet");
    saveFile("runs.parquet", parquetOf(sheet), "application/vnd.apache.parquet");
  } else if (await copyText(markdownOf(sheet))) {
    say(`${count(rows.length, "run")} on the clipboard as Markdown.`);
  } else sayError("The browser does not let pages copy here. Export CSV instead.");
}

/** Archive runs and offer the way back. */
export async function archive(rows: Row[], onDone: (ids: string[]) => void): Promise<void> {
  const ids = rows.map((row) => row.id);
  await archiveRuns(ids);
  onDone(ids);
  say(`${whatOf(rows)} archived.`, async () => {
    await restoreRuns(ids);
    onDone(ids);
  });
}

/** Return what to call runs: one by its name, several by how many they are. */
function whatOf(rows: Row[]): string {
  const [first] = rows;
  return rows.length === 1 && first ? `Run “${first.name}”` : count(rows.length, "run");
}

type Asked = "tag" | "archive" | "delete" | undefined;

export function Batch({ rows, columns, isArchive, onDone, onClear }: BatchProps) {
  const [question, ask] = useState<Asked>();
  const close = () => ask(undefined);
  const restore = async () => {
    const ids = rows.map((row) => row.id);
    try {
      await restoreRuns(ids);
      onDone(ids);
      say(`${whatOf(rows)} restored.`, async () => {
        await archiveRuns(ids);
        onDone(ids);
      });
    } catch (error) {
      sayError(error);
    }
  };
  return (
    <section className="batch" aria-label="Chosen runs">
      <strong>{rows.length.toLocaleString("en")} chosen</strong>
      {rows.length > 1 && rows.length <= COMPARED ? (
        <a
          className="button main"
          href={hrefOf("/compare-runs", { runs: rows.map((row) => row.id).join(",") })}
        >
          Compare {rows.length}
        </a>
      ) : null}
      <button type="button" className="button" onClick={() => ask("tag")}>
        Tag
      </button>
      <MenuButton
        label="Export"
        className="button"
        items={() => [
          { text: "CSV", do: () => void exportRows(rows, columns, "csv") },
          { text: "Parquet", do: () => void exportRows(rows, columns, "parquet") },
          { text: "Copy as Markdown", do: () => void exportRows(rows, columns, "markdown") },
        ]}
      >
        Export
      </MenuButton>
      {isArchive ? (
        <>
          <button type="button" className="button" onClick={restore}>
            Restore
          </button>
          <button type="button" className="button" onClick={() => ask("delete")}>
            Delete
          </button>
        </>
      ) : (
        <button type="button" className="button" onClick={() => ask("archive")}>
          Archive
        </button>
      )}
      <button type="button" className="quiet-button" aria-label="Choose none" onClick={onClear}>
        ✕
      </button>
      <Dialog label="Tag runs" open={question === "tag"} onClose={close}>
        <TagForm rows={rows} onDone={onDone} onClose={close} />
      </Dialog>
      <Dialog label="Archive runs" open={question === "archive"} onClose={close}>
        <ArchiveForm rows={rows} onDone={onDone} onClose={close} />
      </Dialog>
      <Dialog label="Delete runs" open={question === "delete"} onClose={close}>
        <DeleteForm rows={rows} onClose={close} />
      </Dialog>
    </section>
  );
}

interface FormProps {
  rows: Row[];
  onDone: (ids: string[]) => void;
  onClose: () => void;
}

function Names({ rows }: { rows: Row[] }) {
  return (
    <ul className="named">
      {rows.slice(0, NAMED).map((row) => (
        <li key={row.id}>{row.name}</li>
      ))}
      {rows.length > NAMED ? <li>and {rows.length - NAMED} more</li> : null}
    </ul>
  );
}

function TagForm({ rows, onDone, onClose }: FormProps) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const ids = rows.map((row) => row.id);
  return (
    <Question
      title={`Tag ${count(rows.length, "run")}`}
      verb="Tag"
      onAct={async () => {
        await tagRuns(ids, key.trim(), value);
        onDone(ids);
        say(`${whatOf(rows)} tagged with ${key.trim()}.`);
        onClose();
      }}
      onClose={onClose}
    >
      <Names rows={rows} />
      <input
        className="field mono"
        aria-label="Tag"
        placeholder="Tag, such as reviewed"
        required
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      <input
        className="field"
        aria-label="Value"
        placeholder="Value, such as yes"
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
    </Question>
  );
}

function ArchiveForm({ rows, onDone, onClose }: FormProps) {
  const running = rows.filter((row) => row.status === "RUNNING");
  const [takesRunning, takeRunning] = useState(false);
  const taken = takesRunning ? rows : rows.filter((row) => row.status !== "RUNNING");
  return (
    <Question
      title={`Archive ${count(taken.length, "run")}`}
      verb="Archive"
      ready={taken.length > 0}
      onAct={async () => {
        await archive(taken, onDone);
        onClose();
      }}
      onClose={onClose}
    >
      <Names rows={taken} />
      {running.length > 0 ? (
        <label className="line">
          <input
            type="checkbox"
            checked={takesRunning}
            onChange={(event) => takeRunning(event.target.checked)}
          />
          {count(running.length, "run")} still running: archive them too
        </label>
      ) : null}
      <p className="quiet">
        Nothing is lost: archived runs are under Arrange, and can be restored.
      </p>
    </Question>
  );
}

function DeleteForm({ rows, onClose }: Omit<FormProps, "onDone">) {
  const command = `mlflow gc --run-ids ${rows.map((row) => row.id).join(",")}`;
  return (
    <div className="dialog">
      <h2>Delete {count(rows.length, "run")} for ever</h2>
      <Names rows={rows} />
      <p>
        What cannot be undone is not done from a page. Whoever keeps the server runs this; it takes
        the files of the runs too:
      </p>
      <pre className="code">{command}</pre>
      <div className="line">
        <button
          type="button"
          className="button main"
          onClick={async () => {
            if (await copyText(command)) say("The command is on the clipboard.");
            onClose();
          }}
        >
          Copy the command
        </button>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </div>
  );
}
