// Rows of text as a grid: of a CSV file as many as one scrolls to, or of a JSON table.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { fetchPart, type Source } from "../../api/files";
import { parseCsv, wholeRecords } from "../../lib/csv";
import { bytes, count } from "../../lib/format";
import { nameOf } from "../../lib/kinds";
import { Failed, Loading } from "../notes";
import { Sheet, type SheetColumn } from "./sheet";

const PART = 512 * 1024; // bytes that are fetched at once
const SAMPLE = 50; // rows that say how wide a column is
const WIDEST = 360; // pixels
const LETTER = 7.3;

interface RowsProps {
  label: string;
  head: string[];
  rows: readonly (readonly unknown[])[];
  onEnd?: (() => void) | undefined;
}

/** Return a value of a table as text. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function Rows({ label, head, rows, onEnd }: RowsProps) {
  const columns = useMemo(() => {
    const sample = rows.slice(0, SAMPLE);
    const found: SheetColumn[] = [{ id: "#", head: "#", width: 64, isNumber: true }];
    for (const [at, name] of head.entries()) {
      const texts = sample.map((row) => cellText(row[at]));
      const longest = Math.max(name.length, ...texts.map((text) => text.length), 4);
      found.push({
        id: `${at} ${name}`,
        head: <span title={name}>{name}</span>,
        width: Math.min(WIDEST, Math.ceil(longest * LETTER) + 20),
        isNumber: texts.every((text) => text === "" || !Number.isNaN(Number(text))),
      });
    }
    return found;
  }, [head, rows]);
  const text = (row: number, column: number) =>
    column === 0 ? String(row + 1) : cellText(rows[row]?.[column - 1]);
  return (
    <Sheet
      label={label}
      rows={rows.length}
      columns={columns}
      text={text}
      cell={(row, column) =>
        column === 0 ? row + 1 : cellText(rows[row]?.[column - 1]).slice(0, 200)
      }
      onEnd={onEnd}
    />
  );
}

export function CsvFile({ source }: { source: Source }) {
  const separator = source.path.toLowerCase().endsWith(".tsv") ? "\t" : ",";
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useInfiniteQuery({
    queryKey: ["csv", source.runId ?? source.modelId, source.path],
    staleTime: 60_000,
    structuralSharing: false,
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => {
      const part = await fetchPart(source, pageParam, PART, signal);
      const isLast = part.start + part.bytes.length >= part.total;
      const end = isLast ? part.bytes.length : wholeRecords(part.bytes);
      const text = new TextDecoder().decode(part.bytes.subarray(0, end));
      return { rows: parseCsv(text, separator), next: part.start + end, total: part.total };
    },
    getNextPageParam: (part) => (part.next < part.total ? part.next : undefined),
  });
  const all = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);
  const rows = useMemo(() => all.slice(1), [all]);
  if (error) return <Failed error={error} again={refetch} />;
  if (!data) return <Loading />;
  if (all.length === 0) return <p className="quiet">This file is empty.</p>;
  const last = data.pages.at(-1);
  return (
    <>
      <div className="view">
        <Rows
          label={`Table in ${nameOf(source.path)}`}
          head={all[0] ?? []}
          rows={rows}
          onEnd={hasNextPage && !isFetching ? fetchNextPage : undefined}
        />
      </div>
      <p className="quiet">
        {count(rows.length, "row")}
        {hasNextPage
          ? ` so far: ${bytes(last?.next ?? 0)} of ${bytes(last?.total ?? 0)}; more come as you scroll`
          : ""}
        , {count(all[0]?.length ?? 0, "column")}
      </p>
    </>
  );
}
