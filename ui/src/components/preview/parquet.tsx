// A Parquet file as a grid: its footer, then the columns that are in sight, and no more.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { fetchPart, type Source } from "../../api/files";
import { count } from "../../lib/format";
import { nameOf } from "../../lib/kinds";
import { footerLength, type ParquetColumn, parseFooter } from "../../lib/parquet-reader/footer";
import { type Cell, readColumn } from "../../lib/parquet-reader/pages";
import { Failed, Loading } from "../notes";
import { Sheet, type SheetColumn } from "./sheet";

const END = 64 * 1024; // bytes that hold most footers
const FOOTER = 32 * 1024 * 1024;
const PART = 4 * 1024 * 1024; // bytes of a column
const ROWS = 20_000; // of a part that are shown

async function footer(source: Source, signal: AbortSignal) {
  const end = await fetchPart(source, -END, END, signal);
  const length = footerLength(end.bytes);
  if (length > FOOTER) throw new RangeError("The description of this file is too large to read.");
  const missing = length + 8 - end.bytes.length;
  if (missing <= 0) return parseFooter(end.bytes.slice(end.bytes.length - 8 - length, -8));
  const all = await fetchPart(source, end.total - 8 - length, length, signal);
  return parseFooter(all.bytes);
}

export function ParquetFile({ source }: { source: Source }) {
  const key = ["parquet", source.runId ?? source.modelId, source.path];
  const [group, setGroup] = useState(0);
  const [[first, last], see] = useState([1, 10]);
  const { data: file, error } = useQuery({
    queryKey: key,
    staleTime: 60_000,
    structuralSharing: false,
    retry: false,
    queryFn: ({ signal }) => footer(source, signal),
  });
  const part = file?.groups[group];
  const wanted = (file?.columns ?? []).flatMap((column, at) =>
    at + 1 >= first && at + 1 <= last && !column.isList ? [{ column, at }] : [],
  );
  const found = useQueries({
    queries: wanted.map(({ column, at }) => ({
      queryKey: [...key, group, at],
      staleTime: 60_000,
      structuralSharing: false,
      retry: false,
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Cell[]> => {
        const chunk = part?.chunks[at];
        if (!chunk) return [];
        const size = Math.min(chunk.size, PART);
        const { bytes } = await fetchPart(source, chunk.start, size, signal);
        return readColumn(bytes, chunk, column, ROWS);
      },
    })),
  });
  const cells = new Map(wanted.map(({ at }, place) => [at, found[place]?.data]));
  const failed = found.find((one) => one.error)?.error;
  const onColumns = useCallback(
    (from: number, to: number) =>
      see((old) => (old[0] === from && old[1] === to ? old : [from, to])),
    [],
  );
  const columns = useMemo(() => headsOf(file?.columns ?? []), [file]);
  if (error) return <Failed error={error} />;
  if (!file) return <Loading />;
  const rows = Math.min(part?.rows ?? 0, ROWS);
  const text = (row: number, column: number): string => {
    if (column === 0) return String(row + 1);
    if (file.columns[column - 1]?.isList) return "a list: not shown";
    const values = cells.get(column - 1);
    if (!values) return "…";
    const value = values[row];
    return value === undefined ? "…" : value === null ? "" : String(value);
  };
  return (
    <>
      {failed ? <p className="bad">{failed.message} Download the file to read it.</p> : null}
      <div className="view">
        <Sheet
          label={`Table in ${nameOf(source.path)}`}
          rows={rows}
          columns={columns}
          text={text}
          cell={(row, column) => text(row, column).slice(0, 200)}
          onColumns={onColumns}
        />
      </div>
      <div className="line quiet">
        {count(file.rows, "row")}, {count(file.columns.length, "column")}
        {file.groups.length > 1 ? (
          <label className="line">
            part
            <select
              className="field short"
              value={group}
              onChange={(event) => setGroup(Number(event.target.value))}
            >
              {file.groups.map((one, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name
                <option key={at} value={at}>
                  {at + 1} of {file.groups.length}, {one.rows} rows
                </option>
              ))}
            </select>
          </label>
        ) : null}
        {(part?.rows ?? 0) > rows ? (
          <span>the first {rows.toLocaleString("en")} are shown</span>
        ) : null}
      </div>
    </>
  );
}

function headsOf(columns: ParquetColumn[]): SheetColumn[] {
  const found: SheetColumn[] = [{ id: "#", head: "#", width: 64, isNumber: true }];
  for (const [at, { name, type, meaning }] of columns.entries()) {
    const isNumber = [1, 2, 4, 5].includes(type) && (meaning === "" || meaning === "decimal");
    const width = Math.min(320, Math.max(name.length * 8 + 20, isNumber ? 110 : 170));
    found.push({ id: `${at} ${name}`, head: <span title={name}>{name}</span>, width, isNumber });
  }
  return found;
}
