// What a run writes to its terminal: its end as it comes, in its colours, searched and kept.
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useConsole, useEarlier } from "../../api/console";
import type { ConsoleChunk } from "../../api/wire";
import { Failed, Loading, Note } from "../../components/notes";
import { Lines } from "../../components/preview/lines";
import { saveFile } from "../../components/save-file";
import { Search } from "../../components/search";
import { plainText, type Style, Terminal, type TextLine } from "../../lib/ansi";
import { count } from "../../lib/format";
import type { Row } from "../../lib/runset";
import { useField } from "../../state/location";

/** Return the lines of chunks; as long as chunks are only added, they are not read again. */
function useTerminal(chunks: ConsoleChunk[]): { terminal: Terminal; version: number } {
  const read = useRef<{ terminal: Terminal; chunks: ConsoleChunk[]; version: number }>(undefined);
  return useMemo(() => {
    const before = read.current;
    const grows =
      before !== undefined &&
      before.chunks.length <= chunks.length &&
      before.chunks[0] === chunks[0] &&
      before.chunks.at(-1) === chunks[before.chunks.length - 1];
    const terminal = grows ? before.terminal : new Terminal();
    for (const chunk of grows ? chunks.slice(before.chunks.length) : chunks) {
      terminal.write(chunk.stream ?? "", chunk.text ?? "");
    }
    const version = (before?.version ?? 0) + 1;
    read.current = { terminal, chunks, version };
    return { terminal, version };
  }, [chunks]);
}

/** Return a name that a file may have. */
function fileName(text: string): string {
  return text.replace(/[/\\:*?"<>|\p{Cc}]/gu, "_").slice(-120);
}

function linesOf(chunks: ConsoleChunk[]): TextLine[] {
  const terminal = new Terminal();
  for (const { stream = "", text = "" } of chunks) terminal.write(stream, text);
  return terminal.lines;
}

export default function Console({ row }: { row: Row }) {
  const { data, error, refetch } = useConsole(row.id);
  if (error) return <Failed error={error} again={refetch} />;
  if (!data) return <Loading rows={14} />;
  if (data.chunks.length === 0) {
    return (
      <Note title="This run said nothing">
        <p>What a program prints while its run is open is kept here.</p>
      </Note>
    );
  }
  return <Text row={row} chunks={data.chunks} before={data.before} dropped={data.dropped} />;
}

interface TextProps {
  row: Row;
  chunks: ConsoleChunk[];
  before: number;
  dropped: number;
}

function Text({ row, chunks, before, dropped }: TextProps) {
  const [stream, setStream] = useField("stream");
  const [find, setFind] = useField("find");
  const [wrap, setWrap] = useField("wrap");
  const [only, setOnly] = useField("only");
  const [follows, follow] = useState(true);
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const earlier = useEarlier(row.id);
  const { terminal, version } = useTerminal(chunks);
  const wanted = find.toLowerCase();
  const [shown, hits] = useMemo(() => {
    const kept = terminal.lines.filter(
      (line) => (!stream || line.stream === stream) && !terminal.isWaiting(line),
    );
    if (!wanted || version === 0) return [kept, []];
    const has = (line: TextLine) => plainText(line).toLowerCase().includes(wanted);
    if (only) {
      const found = kept.filter(has);
      return [found, found.map((_, place) => place)];
    }
    return [kept, kept.flatMap((line, place) => (has(line) ? [place] : []))];
  }, [terminal, version, stream, wanted, only]);
  const chosen = Math.min(at, Math.max(0, hits.length - 1));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search begins at its first
  useEffect(() => setAt(0), [wanted]);
  const load = async (all: boolean): Promise<ConsoleChunk[]> => {
    setBusy(true);
    follow(false);
    try {
      return await earlier(all);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="console-page">
      <search className="line console-tools">
        <form
          className="line"
          onSubmit={(event) => event.preventDefault()}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || hits.length === 0) return;
            const step = event.shiftKey ? hits.length - 1 : 1;
            setAt((chosen + step) % hits.length);
          }}
        >
          <Search what="Find in the console" value={find} onChange={setFind} />
        </form>
        {find ? (
          <>
            <span className="quiet" role="status">
              {hits.length === 0 ? "not found" : `${chosen + 1} of ${count(hits.length, "line")}`}
            </span>
            <span className="group">
              {([-1, 1] as const).map((by) => (
                <button
                  key={by}
                  type="button"
                  className="button"
                  disabled={hits.length < 2}
                  onClick={() => setAt((chosen + by + hits.length) % hits.length)}
                >
                  {by < 0 ? "Previous" : "Next"}
                </button>
              ))}
            </span>
            <Toggle on={only === "1"} turn={(on) => setOnly(on ? "1" : "")} text="Only these" />
          </>
        ) : null}
        <span className="group">
          {(["", "stdout", "stderr"] as const).map((one) => (
            <button
              key={one}
              type="button"
              className="button"
              aria-pressed={stream === one}
              onClick={() => setStream(one)}
            >
              {one || "both"}
            </button>
          ))}
        </span>
        <Toggle on={wrap === "1"} turn={(on) => setWrap(on ? "1" : "")} text="Wrap" />
        <Toggle on={follows} turn={follow} text="Follow" />
        <button
          type="button"
          className="button"
          onClick={async () => {
            const all = await load(true);
            const text = linesOf(all).map(plainText).join("\n");
            saveFile(fileName(`${row.name}.log`), text, "text/plain");
          }}
        >
          Download
        </button>
      </search>
      {before > 0 || dropped > 0 ? (
        <div className="line console-tools quiet">
          {before > 0 ? (
            <>
              <span>Earlier lines are not loaded.</span>
              <button type="button" className="plain" disabled={busy} onClick={() => load(false)}>
                Load some
              </button>
              <button type="button" className="plain" disabled={busy} onClick={() => load(true)}>
                Load all
              </button>
            </>
          ) : (
            <span>
              The run wrote more than is kept: {count(dropped, "piece")} before this were dropped.
            </span>
          )}
        </div>
      ) : null}
      <Lines
        key={`${stream} ${only} ${wrap}`}
        label="Console"
        className="console"
        count={shown.length}
        wraps={wrap === "1"}
        follows={follows && !wanted}
        onLeaveEnd={(away) => {
          if (away === follows) follow(!away);
        }}
        showLine={wanted ? hits[chosen] : undefined}
        classOf={(place) =>
          `${shown[place]?.stream ?? ""}${wanted && hits[chosen] === place ? " found" : ""}`
        }
        line={(place) => shown[place]?.spans.map((span, part) => spanOf(span, part, wanted))}
      />
    </div>
  );
}

function Toggle(props: { on: boolean; turn: (on: boolean) => void; text: string }) {
  return (
    <button
      type="button"
      className="button"
      aria-pressed={props.on}
      onClick={() => props.turn(!props.on)}
    >
      {props.text}
    </button>
  );
}

function spanOf([text, style]: [string, Style], key: number, wanted: string): ReactNode {
  const words = marked(text, wanted);
  const css = cssOf(style);
  return css ? (
    <span key={key} className={css}>
      {words}
    </span>
  ) : (
    <span key={key}>{words}</span>
  );
}

function cssOf(style: Style): string {
  const names: string[] = [];
  if (style.color !== undefined) names.push(`ink-${style.color % 8}`);
  if (style.background !== undefined) names.push(`ground-${style.background % 8}`);
  for (const name of ["bold", "faint", "italic", "underline"] as const) {
    if (style[name]) names.push(`is-${name}`);
  }
  return names.join(" ");
}

function marked(text: string, wanted: string): ReactNode {
  if (!wanted) return text;
  const lower = text.toLowerCase();
  const parts: ReactNode[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + wanted.length)}</mark>);
    from = at + wanted.length;
  }
  return parts.length > 0 ? [...parts, text.slice(from)] : text;
}
