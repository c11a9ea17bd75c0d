// JSON as a tree that opens where one looks, or as a table where it is one.
import { useMemo, useState } from "react";
import { type Source, useWhole } from "../../api/files";
import { nameOf } from "../../lib/kinds";
import { tableOf } from "../../lib/tables";
import { Failed, Loading } from "../notes";
import { Rows } from "./table";
import { TextFile } from "./text";

const MOST = 5_000_000; // bytes that are read as a tree
const STEP = 100; // entries that are drawn, and drawn more

export function JsonFile({ source }: { source: Source }) {
  const { data, error, refetch } = useWhole(source, MOST);
  const [asTree, setTree] = useState(false);
  const [parsed, table] = useMemo(() => {
    if (typeof data !== "string") return [undefined, undefined];
    try {
      const value: unknown = JSON.parse(data);
      return [{ value }, tableOf(value)];
    } catch {
      return [undefined, undefined];
    }
  }, [data]);
  if (error) return <Failed error={error} again={refetch} />;
  if (data === undefined) return <Loading />;
  // Too long, or no JSON (NaN, comments, one value a line): as it is.
  if (!parsed) return <TextFile source={source} language="json" />;
  if (table && !asTree) {
    return (
      <>
        <div className="view">
          <Rows label={`Table in ${nameOf(source.path)}`} head={table.head} rows={table.rows} />
        </div>
        <div className="line quiet">
          {table.rows.length} rows
          <button type="button" className="plain" onClick={() => setTree(true)}>
            Show as a tree
          </button>
        </div>
      </>
    );
  }
  return (
    <ul className="json">
      <Node name="" value={parsed.value} depth={0} />
    </ul>
  );
}

function Node({ name, value, depth }: { name: string; value: unknown; depth: number }) {
  const [open, setOpen] = useState(depth < 2);
  const [most, setMost] = useState(STEP);
  const label = name === "" ? null : <span className="t-name">{name}: </span>;
  if (typeof value !== "object" || value === null) {
    const kind =
      typeof value === "string" ? "string" : typeof value === "number" ? "number" : "keyword";
    return (
      <li>
        {label}
        <span className={`t-${kind}`}>{JSON.stringify(value)}</span>
      </li>
    );
  }
  const isList = Array.isArray(value);
  const entries: [string, unknown][] = isList
    ? value.slice(0, most).map((one, at) => [String(at), one])
    : Object.entries(value);
  const size = isList ? value.length : entries.length;
  return (
    <li>
      <button type="button" className="twig" aria-expanded={open} onClick={() => setOpen(!open)}>
        {label}
        <span className="quiet">{isList ? `[${size}]` : `{${size}}`}</span>
      </button>
      {open ? (
        <ul>
          {entries.slice(0, most).map(([key, one]) => (
            <Node key={key} name={key} value={one} depth={depth + 1} />
          ))}
          {size > most ? (
            <li>
              <button type="button" className="plain" onClick={() => setMost(most + 10 * STEP)}>
                {size - most} more
              </button>
            </li>
          ) : null}
        </ul>
      ) : null}
    </li>
  );
}
