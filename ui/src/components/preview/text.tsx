// A file as text: its beginning, and more when one asks.
import { useMemo } from "react";
import { type Source, useParts } from "../../api/files";
import { bytes, count } from "../../lib/format";
import { languageOf } from "../../lib/highlight";
import { nameOf } from "../../lib/kinds";
import { Failed, Loading } from "../notes";
import { Code } from "./code";

const PART = 256 * 1024; // bytes that are fetched at once

export function TextFile({ source, language }: { source: Source; language?: string }) {
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useParts(source, PART);
  const parts = data?.pages;
  const text = useMemo(() => {
    // One decoder for all parts: a letter may be cut in two.
    const decoder = new TextDecoder();
    return (parts ?? []).map((part) => decoder.decode(part.bytes, { stream: true })).join("");
  }, [parts]);
  if (error) return <Failed error={error} again={refetch} />;
  if (!parts) return <Loading />;
  const total = parts[0]?.total ?? 0;
  if (total === 0) return <p className="quiet">This file is empty.</p>;
  if (text.slice(0, 4096).includes("\0")) {
    return (
      <p className="quiet">
        This file ({bytes(total)}) is no text, and there is no preview of its kind. Download it to
        look into it.
      </p>
    );
  }
  const loaded = parts.reduce((sum, part) => sum + part.bytes.length, 0);
  return (
    <>
      <div className="view">
        <Code
          text={text}
          language={language ?? languageOf(source.path)}
          label={`Content of ${nameOf(source.path)}`}
        />
      </div>
      {hasNextPage ? (
        <div className="line quiet">
          The first {bytes(loaded)} of {bytes(total)}, {count(text.split("\n").length - 1, "line")}.
          <button
            type="button"
            className="plain"
            disabled={isFetching}
            onClick={() => fetchNextPage()}
          >
            Load more
          </button>
        </div>
      ) : null}
    </>
  );
}
