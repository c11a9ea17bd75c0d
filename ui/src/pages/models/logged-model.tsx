// One logged model: what it was measured at, what it takes, how it is called, its files, and where it is registered.
import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useExperimentName } from "../../api/experiments";
import { useLive } from "../../api/live";
import { loggedModelQuery, modelFile, useLoggedModelActions } from "../../api/logged-models";
import type { LoggedModel } from "../../api/wire";
import { Ago } from "../../components/ago";
import { Copy } from "../../components/copy";
import { Facts, Pair } from "../../components/facts";
import { Page } from "../../components/frame";
import { LiveDot } from "../../components/live-dot";
import { Failed, Loading } from "../../components/notes";
import { Tabs } from "../../components/tabs";
import { TagsEditor } from "../../components/tags-editor";
import { number, significant } from "../../lib/format";
import { useField } from "../../state/location";
import { FileFacts } from "./file-facts";
import { ModelFiles } from "./files";
import { useMlmodel } from "./mlmodel";
import { Origin } from "./origin";
import { Register } from "./register";
import { Schema } from "./schema";
import { Trying } from "./trying";
import { VersionStatus } from "./version-status";

const TABS = [
  ["overview", "Overview"],
  ["try", "Try it"],
  ["files", "Files"],
] as const;

export default function LoggedModelPage({
  experiment,
  model,
}: {
  experiment: string;
  model: string;
}) {
  const { data, error, refetch } = useQuery(loggedModelQuery(model));
  const name = useExperimentName(experiment);
  const isLive = useLive([experiment], undefined, ["experiments", "models", "logged_models"]);
  const [tab] = useField("tab", "overview");
  const [registering, register] = useState(false);
  const fileAt = useCallback((path: string) => modelFile(model, path), [model]);
  const read = useMlmodel(fileAt);
  const path = `/experiments/${experiment}/models`;
  const { info } = data ?? {};
  const uri = `models:/${model}`;
  return (
    <Page
      crumbs={[
        { text: "Experiments", href: "#/experiments" },
        { text: name, href: `#/experiments/${experiment}` },
        { text: "Models", href: `#${path}` },
        { text: info?.name || "Model" },
      ]}
      tools={
        <>
          <LiveDot stands={isLive} />
          {info ? <VersionStatus status={String(info.status)} said={info.status_message} /> : null}
          <div className="grow" />
          {info ? (
            <button type="button" className="button" onClick={() => register(true)}>
              Register
            </button>
          ) : null}
        </>
      }
    >
      {error && !data ? <Failed error={error} again={refetch} /> : null}
      {!data && !error ? <Loading rows={14} /> : null}
      {data ? (
        <div className="run">
          <Tabs label="Parts of the model" tabs={TABS} shown={tab} path={`${path}/${model}`} />
          <div className="content">
            <div className="padded">
              {tab === "overview" ? <Overview model={data} read={read} uri={uri} /> : null}
              {tab === "try" ? <Trying read={read} uri={uri} /> : null}
              {tab === "files" ? <ModelFiles modelId={model} fileAt={fileAt} /> : null}
            </div>
          </div>
        </div>
      ) : null}
      <Register
        modelId={model}
        runId={info?.source_run_id}
        suggestion={info?.registrations?.at(-1)?.name ?? ""}
        open={registering}
        onClose={() => register(false)}
      />
    </Page>
  );
}

interface OverviewProps {
  model: LoggedModel;
  read: ReturnType<typeof useMlmodel>;
  uri: string;
}

function Overview({ model: { info = {}, data = {} }, read, uri }: OverviewProps) {
  const { model_id: id = "", registrations = [] } = info;
  const actions = useLoggedModelActions();
  const metrics = data.metrics ?? [];
  const params = data.params ?? [];
  return (
    <>
      <div className="line quiet">
        <Ago ms={info.creation_timestamp_ms} did="logged" />
        {info.model_type ? <span>{info.model_type}</span> : null}
        <span className="mono">{id}</span>
      </div>
      {info.status_message ? <p className="bad">{info.status_message}</p> : null}
      <div className="facts">
        <Facts
          title="Metrics"
          all={metrics}
          empty="No metric was logged with this model."
          row={(one) => (
            <tr key={`${one.key} ${one.dataset_name} ${one.dataset_digest} ${one.run_id}`}>
              <th scope="row" className="mono">
                {one.key}
              </th>
              <td className="quiet">{one.dataset_name}</td>
              <td className="number" title={String(one.value)}>
                {significant(number(one.value))}
              </td>
            </tr>
          )}
        />
        <Facts
          title="Params"
          all={params}
          empty="No param was logged with this model."
          row={({ key = "", value = "" }) => <Pair key={key} name={key} value={value} />}
        />
        <section>
          <h2>Load it</h2>
          <Copy text={`mlflow.pyfunc.load_model(${JSON.stringify(uri)})`} />
          {registrations.length > 0 ? (
            <>
              <h3 className="below">Registered as</h3>
              <div className="line">
                {registrations.map(({ name = "", version }) => (
                  <a
                    key={`${name} ${version}`}
                    href={`#/models/${encodeURIComponent(name)}/versions/${version}`}
                  >
                    {name} {version}
                  </a>
                ))}
              </div>
            </>
          ) : null}
        </section>
        <Origin runId={info.source_run_id} />
        <FileFacts described={read.described} />
        <TagsEditor
          tags={info.tags ?? []}
          of={info.name ?? "the model"}
          onSet={(key, value) => actions.setTag(id, key, value)}
          onRemove={(key) => actions.removeTag(id, key)}
        />
      </div>
      <Schema read={read} />
    </>
  );
}
