// One version of a model: where it comes from, what it takes and gives, how it is called, and its files.
import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useLive } from "../../api/live";
import {
  evidenceQuery,
  registeredModelQuery,
  there,
  useRegistryActions,
  versionFile,
  versionQuery,
} from "../../api/registry";
import type { ModelVersion, ModelVersionEvidenceResponse } from "../../api/wire";
import { Ago } from "../../components/ago";
import { Copy } from "../../components/copy";
import { Description } from "../../components/description";
import { Page } from "../../components/frame";
import { LiveDot } from "../../components/live-dot";
import { MenuButton } from "../../components/menu";
import { Failed, Loading, Note } from "../../components/notes";
import { Tabs } from "../../components/tabs";
import { TagsEditor } from "../../components/tags-editor";
import { useField } from "../../state/location";
import { AliasDialog, type AliasMove } from "./aliases";
import { DeleteVersion } from "./delete";
import { FileFacts } from "./file-facts";
import { ModelFiles } from "./files";
import { useMlmodel } from "./mlmodel";
import { Origin } from "./origin";
import { Schema } from "./schema";
import { Trying } from "./trying";
import { VersionStatus } from "./version-status";

const TABS = [
  ["overview", "Overview"],
  ["try", "Try it"],
  ["files", "Files"],
] as const;

export default function VersionPage({ name, version }: { name: string; version: string }) {
  const { data, error, refetch } = there(useQuery(versionQuery(name, version)));
  const { data: model } = useQuery(registeredModelQuery(name));
  const { data: evidence } = useQuery(evidenceQuery(name, version));
  const isLive = useLive([], undefined, ["models"]);
  const [tab] = useField("tab", "overview");
  const [moving, move] = useState<AliasMove>();
  const [deleting, askToDelete] = useState(false);
  const fileAt = useCallback((path: string) => versionFile(name, version, path), [name, version]);
  const read = useMlmodel(fileAt);
  const path = `/models/${encodeURIComponent(name)}`;
  const here = (model?.aliases ?? []).filter((one) => String(one.version) === version);
  const uri = `models:/${name}/${version}`;
  return (
    <Page
      crumbs={[
        { text: "Models", href: "#/models" },
        { text: name, href: `#${path}` },
        { text: `Version ${version}` },
      ]}
      tools={
        <>
          <LiveDot stands={isLive} />
          {data ? <VersionStatus status={String(data.status)} said={data.status_message} /> : null}
          {here.map(({ alias = "" }) => (
            <button
              key={alias}
              type="button"
              className="chip"
              title={`Move or remove @${alias}`}
              onClick={() => move({ alias, version })}
            >
              @{alias}
            </button>
          ))}
          <button type="button" className="plain wide" onClick={() => move({ version })}>
            Set alias
          </button>
          <div className="grow" />
          <MenuButton
            label={`What to do with version ${version}`}
            className="button icon"
            items={() => [
              { text: "Set an alias", do: () => move({ version }) },
              { text: "Delete the version", do: () => askToDelete(true) },
            ]}
          />
        </>
      }
    >
      {error && !data ? <Failed error={error} again={refetch} /> : null}
      {!data && !error ? <Loading rows={14} /> : null}
      {data ? (
        <div className="run">
          <Tabs
            label="Parts of the version"
            tabs={TABS}
            shown={tab}
            path={`${path}/versions/${version}`}
          />
          <div className="content">
            <div className="padded">
              {tab === "overview" ? (
                <Overview version={data} evidence={evidence} read={read} uri={uri} />
              ) : null}
              {tab === "try" ? <Trying read={read} uri={uri} /> : null}
              {tab === "files" ? (
                <FilesOf evidence={evidence} source={data.source} fileAt={fileAt} />
              ) : null}
            </div>
          </div>
        </div>
      ) : null}
      <AliasDialog
        model={name}
        move={moving}
        aliases={model?.aliases ?? []}
        versions={[version]}
        onClose={() => move(undefined)}
      />
      <DeleteVersion
        name={name}
        version={version}
        aliases={here}
        open={deleting}
        onClose={() => askToDelete(false)}
      />
    </Page>
  );
}

type Read = ReturnType<typeof useMlmodel>;

interface OverviewProps {
  version: ModelVersion;
  evidence: ModelVersionEvidenceResponse | undefined;
  read: Read;
  uri: string;
}

function Overview({ version, evidence, read, uri }: OverviewProps) {
  const { name = "", version: number = "" } = version;
  const actions = useRegistryActions();
  const stage = version.current_stage ?? "None";
  return (
    <>
      <div className="line quiet">
        <Ago ms={version.creation_timestamp} did="registered" />
        {version.user_id ? <span>by {version.user_id}</span> : null}
        {stage === "None" ? null : <span>stage {stage}</span>}
      </div>
      {version.status_message ? <p className="bad">{version.status_message}</p> : null}
      <Description
        text={version.description ?? ""}
        of={`version ${number}`}
        onSave={(text) => actions.describeVersion(name, number, text)}
      />
      <div className="facts">
        <section>
          <h2>Load it</h2>
          <div className="dialog">
            <Copy text={`mlflow.pyfunc.load_model(${JSON.stringify(uri)})`} />
            {(version.aliases ?? []).map((alias) => (
              <Copy
                key={alias}
                text={`mlflow.pyfunc.load_model(${JSON.stringify(`models:/${name}@${alias}`)})`}
              />
            ))}
          </div>
        </section>
        <FileFacts described={read.described} evidence={evidence} />
        <Origin runId={version.run_id} modelId={evidence?.model_id} source={version.source} />
        <TagsEditor
          tags={version.tags ?? []}
          of={`version ${number}`}
          onSet={(key, value) => actions.setVersionTag(name, number, key, value)}
          onRemove={(key) => actions.removeVersionTag(name, number, key)}
        />
      </div>
      <Schema read={read} />
    </>
  );
}

interface FilesOfProps {
  evidence: ModelVersionEvidenceResponse | undefined;
  source: string | undefined;
  fileAt: (path: string) => string;
}

function FilesOf({ evidence, source, fileAt }: FilesOfProps) {
  if (!evidence) return <Loading />;
  if (evidence.model_id) return <ModelFiles modelId={evidence.model_id} fileAt={fileAt} />;
  return (
    <Note title="The files of this version are not listed here">
      <p>
        It was registered from a place that no logged model of this server stands for:{" "}
        <code>{source}</code>
      </p>
      <p>
        <a href={fileAt("MLmodel")} download>
          Download its MLmodel file
        </a>
      </p>
    </Note>
  );
}
