// A Parquet file as a grid: its footer, then the columns that are in sight, and no more.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { fetchPart, type Source } from "../../api/files";
import { count } from "../../lib/format";
import { nameOf } from "../../lib/kinds";
import { footerLength, ParquetReader } from "../../lib/parquet-reader/apart";
import type { Chunk, ParquetColumn } from "../../lib/parquet-reader/footer";
import { Failed, Loading } from "../notes";
import { Sheet, type SheetColumn } from "./sheet";

const END = 64 * 1024; // bytes that hold most footers
const TAIL = 8; // of them are its length and a mark
const FOOTER = 32 * 1024 * 1024;
const PART = 4 * 1024 * 1024; // bytes of a column, or of a part of one that has parts
const NESTED = 16 * 1024 * 1024; // bytes of a column with all its parts
const PARTS = 100;
const ROWS = 20_000; // of a part of the file that are shown

async function footer(source: Source, reader: ParquetReader, signal: AbortSignal) {
  const end = await fetchPart(source, -END, END, signal);
  const length = footerLength(end.bytes) + TAIL;
  if (length > FOOTER) throw new RangeError("The description of this file is too large to read.");
  const missing = length - end.bytes.length;
  if (missing <= 0) return reader.footer(end.bytes.slice(-length), signal);
  const all = await fetchPart(source, end.total - length, length, signal);
  return reader.footer(all.bytes, signal);
}

async function fetchChunks(source: Source, chunks: Chunk[], signal: AbortSignal) {
  if (chunks.length > PARTS) throw new RangeError("A column has too many parts to be shown.");
  const most = Math.min(PART, Math.floor(NESTED / chunks.length));
  return Promise.all(
    chunks.map(async (chunk) => {
      const size = Math.min(chunk.size, most);
      if (size === 0) return { chunk, bytes: new Uint8Array() }; // no range has no bytes
      const { bytes } = await fetchPart(source, chunk.start, size, signal);
      return { chunk, bytes };
    }),
  );
}

export function ParquetFile({ source }: { source: Source }) {
  const key = ["parquet", source.runId ?? source.modelId, source.path];
  const [reader] = useState(() => new ParquetReader());
  useEffect(() => () => reader.end(), [reader]);
  const [group, setGroup] = useState(0);
  const [[first, last], see] = useState([1, 10]);
  const { data: file, error } = useQuery({
    queryKey: key,
    staleTime: 60_000,
    structuralSharing: false,
    retry: false,
    queryFn: ({ signal }) => footer(source, reader, signal),
  });
  const part = file?.groups[group];
  const wanted = (file?.columns ?? []).flatMap((column, at) =>
    at + 1 >= first && at + 1 <= last ? [{ column, at }] : [],
  );
  const found = useQueries({
    queries: wanted.map(({ column, at }) => ({
      queryKey: [...key, group, at],
      staleTime: 60_000,
      structuralSharing: false,
      retry: false,
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<(string | null)[]> => {
        const chunks = part?.chunks.slice(column.first, column.first + column.chunks) ?? [];
        const parts = await fetchChunks(source, chunks, signal);
        return reader.column(column, parts, ROWS, signal);
      },
    })),
  });
  const cells = new Map(wanted.map(({ at }, place) => [at, found[place]?.data]));
  const errors = new Map(wanted.map(({ at }, place) => [at, found[place]?.error]));
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
    const values = cells.get(column - 1);
    if (!values) return errors.get(column - 1) ? "not read" : "…";
    const value = values[row];
    return value === undefined ? "…" : (value ?? "");
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
  for (const [at, { name, type, isNumber }] of columns.entries()) {
    const isTime = type.startsWith("timestamp");
    const width = Math.min(
      320,
      Math.max(name.length * 8 + 20, isNumber ? 110 : isTime ? 220 : 170),
    );
    const head = <span title={`${name}: ${type}`}>{name}</span>;
    found.push({ id: `${at} ${name}`, head, width, isNumber });
  }
  return found;
}
