// The files of a model with the digests that they had when they were logged; none is fetched before it is asked for.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ModelFile, manifestQuery, modelFilesQuery } from "../../api/logged-models";
import { textQuery } from "../../api/registry";
import { CopyButton } from "../../components/copy";
import { Icon } from "../../components/icons";
import { Failed, Loading } from "../../components/notes";
import { bytes } from "../../lib/format";

const TEXTS = /(^|\/)MLmodel$|\.(txt|json|ya?ml|md|py|toml|cfg|csv|lock)$/i;
const READABLE = 500_000; // bytes of a text that is shown here

interface FilesProps {
  modelId: string;
  fileAt: (path: string) => string; // its address
}

export function ModelFiles({ modelId, fileAt }: FilesProps) {
  const { data, error } = useQuery(manifestQuery(modelId));
  const [open, setOpen] = useState<string>();
  if (error) return <Failed error={error} />;
  if (!data) return <Loading />;
  if (data.length === 0) {
    return (
      <>
        <p className="quiet">
          The program that logged this model wrote no list of files and digests: these are the files
          that are there now.
        </p>
        <Listing modelId={modelId} folder="" fileAt={fileAt} />
      </>
    );
  }
  const total = data.reduce((sum, file) => sum + file.size, 0);
  return (
    <section>
      <h2>
        Files{" "}
        <span className="quiet">
          {data.length}, {bytes(total)}
        </span>
      </h2>
      <div className="scroll">
        <table className="pairs listing files-of-model">
          <thead>
            <tr>
              <th scope="col">Path</th>
              <th scope="col" className="number">
                Size
              </th>
              <th scope="col">SHA-256 when it was logged</th>
              <th scope="col">
                <span className="hidden-text">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((file) => (
              <FileRow
                key={file.path}
                file={file}
                url={fileAt(file.path)}
                isOpen={open === file.path}
                onOpen={() => setOpen(open === file.path ? undefined : file.path)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {open ? <Text key={open} path={open} url={fileAt(open)} /> : null}
    </section>
  );
}

interface FileRowProps {
  file: ModelFile;
  url: string;
  isOpen: boolean;
  onOpen: () => void;
}

function FileRow({ file: { path, size, sha256 }, url, isOpen, onOpen }: FileRowProps) {
  return (
    <tr>
      <th scope="row" className="mono">
        {path}
      </th>
      <td className="number">{bytes(size)}</td>
      <td className="mono">
        <span title={sha256}>{sha256.slice(0, 16)}…</span>{" "}
        <CopyButton text={sha256} label={`the digest of ${path}`} />
      </td>
      <td className="acts">
        {TEXTS.test(path) && size <= READABLE ? (
          <button type="button" className="plain" aria-expanded={isOpen} onClick={onOpen}>
            {isOpen ? "Hide" : "Show"}
            <span className="hidden-text"> {path}</span>
          </button>
        ) : null}
        <a className="plain" href={url} download>
          Download<span className="hidden-text"> {path}</span>
        </a>
      </td>
    </tr>
  );
}

function Text({ path, url }: { path: string; url: string }) {
  const { data, error } = useQuery(textQuery(url));
  return (
    <section aria-label={path}>
      <h3 className="mono">{path}</h3>
      {error ? <Failed error={error} /> : null}
      {!data && !error ? <Loading rows={3} /> : null}
      {data === undefined ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keys
        <pre className="code" tabIndex={0}>
          {data}
        </pre>
      )}
    </section>
  );
}

function Listing({ modelId, folder, fileAt }: FilesProps & { folder: string }) {
  const { data, error } = useQuery(modelFilesQuery(modelId, folder));
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  if (error) return <Failed error={error} />;
  if (!data) return <Loading rows={3} />;
  if (data.length === 0) return <p className="quiet">There are no files.</p>;
  return (
    <ul className="tree-of-model">
      {data.map(({ path = "", is_dir, file_size }) => (
        <li key={path}>
          {is_dir ? (
            <button
              type="button"
              className="folder"
              aria-expanded={open.has(path)}
              onClick={() => {
                const next = new Set(open);
                if (!next.delete(path)) next.add(path);
                setOpen(next);
              }}
            >
              <Icon name="folder" size={14} />
              {path.slice(path.lastIndexOf("/") + 1)}
            </button>
          ) : (
            <span className="line">
              <span className="mono">{path.slice(path.lastIndexOf("/") + 1)}</span>
              <span className="quiet">{bytes(file_size ?? 0)}</span>
              <a className="plain" href={fileAt(path)} download>
                Download<span className="hidden-text"> {path}</span>
              </a>
            </span>
          )}
          {is_dir && open.has(path) ? (
            <Listing modelId={modelId} folder={path} fileAt={fileAt} />
          ) : null}
        </li>
      ))}
    </ul>
  );
}
