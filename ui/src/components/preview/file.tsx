// A look into a file: never more of it than is asked for, and nothing of it runs here.
import { fileAddress, type Source, useParts } from "../../api/files";
import { kindOf, nameOf } from "../../lib/kinds";
import { Markdown } from "../markdown";
import { Failed, Loading } from "../notes";
import { FramedFile } from "./framed";
import { ImageFile } from "./image";
import { JsonFile } from "./json";
import { NotebookFile } from "./notebook";
import { ParquetFile } from "./parquet";
import { CsvFile } from "./table";
import { TextFile } from "./text";

const MARKDOWN = 200_000; // bytes of a text that are drawn

export function FileView({ source }: { source: Source }) {
  switch (kindOf(source.path)) {
    case "image":
      return <ImageFile source={source} />;
    case "page":
      return (
        <>
          <FramedFile source={source} isDocument={false} />
          <TextFile source={source} language="html" />
        </>
      );
    case "pdf":
      return <FramedFile source={source} isDocument />;
    case "audio":
      // biome-ignore lint/a11y/useMediaCaption: what was logged has none
      return <audio controls preload="metadata" src={fileAddress(source)} />;
    case "video":
      return (
        // biome-ignore lint/a11y/useMediaCaption: as above
        <video className="view" controls preload="metadata" src={fileAddress(source)} />
      );
    case "notebook":
      return <NotebookFile source={source} />;
    case "table":
      return <CsvFile source={source} />;
    case "parquet":
      return <ParquetFile source={source} />;
    case "json":
      return <JsonFile source={source} />;
    case "markdown":
      return <MarkdownFile source={source} />;
    case "binary":
      return (
        <p className="quiet">
          There is no preview of this kind of file. Download {nameOf(source.path)} to look into it.
        </p>
      );
    default:
      return <TextFile source={source} />;
  }
}

function MarkdownFile({ source }: { source: Source }) {
  const { data, error, refetch } = useParts(source, MARKDOWN);
  if (error) return <Failed error={error} again={refetch} />;
  const part = data?.pages[0];
  if (!part) return <Loading />;
  return (
    <>
      <Markdown text={new TextDecoder().decode(part.bytes)} />
      {part.bytes.length < part.total ? (
        <p className="quiet">This is the beginning. Download the file to read all of it.</p>
      ) : null}
    </>
  );
}
