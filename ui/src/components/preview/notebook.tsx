// A notebook: its cells and what they gave, without what could run.
import { useMemo } from "react";
import { type Source, useWhole } from "../../api/files";
import { plainText, Terminal } from "../../lib/ansi";
import { highlight } from "../../lib/highlight";
import { type Cell, notebookOf, type Output } from "../../lib/notebook";
import { Markdown } from "../markdown";
import { Failed, Loading } from "../notes";
import { TextFile } from "./text";

const MOST = 20_000_000; // bytes that are read as cells

export function NotebookFile({ source }: { source: Source }) {
  const { data, error, refetch } = useWhole(source, MOST);
  const book = useMemo(() => {
    try {
      return typeof data === "string" ? notebookOf(JSON.parse(data)) : undefined;
    } catch {
      return undefined;
    }
  }, [data]);
  if (error) return <Failed error={error} again={refetch} />;
  if (data === undefined) return <Loading />;
  if (!book) return <TextFile source={source} language="json" />;
  return (
    <div className="notebook">
      {book.cells.map((cell, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name
        <CellView key={at} cell={cell} language={book.language} />
      ))}
    </div>
  );
}

function CellView({ cell, language }: { cell: Cell; language: string }) {
  if (cell.kind === "markdown") return <Markdown text={cell.source} />;
  return (
    <section aria-label={`Cell ${cell.count ?? ""}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keys */}
      <pre className="code" tabIndex={0}>
        {highlight(cell.source, cell.kind === "code" ? language : "").map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
          <span key={at}>
            {line.map(([text, mark], place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: nor have pieces
              <span key={place} className={mark ? `t-${mark}` : undefined}>
                {text}
              </span>
            ))}
            {"\n"}
          </span>
        ))}
      </pre>
      {cell.outputs.map((output, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: outputs have no other name
        <OutputView key={at} output={output} />
      ))}
    </section>
  );
}

function OutputView({ output }: { output: Output }) {
  if (output.kind === "image") return <img src={output.source} alt="Output" />;
  if (output.kind === "left out") {
    return <p className="quiet">Output of kind {output.what} is not shown here.</p>;
  }
  const terminal = new Terminal();
  terminal.write("stdout", output.text);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keys
    <pre className={output.isError ? "output bad" : "output"} tabIndex={0}>
      {terminal.lines.map(plainText).join("\n")}
    </pre>
  );
}
