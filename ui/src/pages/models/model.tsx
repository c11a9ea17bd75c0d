// One registered model: its versions, what its aliases mean and meant, and what is said about it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLive } from "../../api/live";
import { registeredModelQuery, there, useRegistryActions, useVersions } from "../../api/registry";
import { Ago } from "../../components/ago";
import { Copy } from "../../components/copy";
import { Description } from "../../components/description";
import { Page } from "../../components/frame";
import { LiveDot } from "../../components/live-dot";
import { MenuButton } from "../../components/menu";
import { Failed, Loading, Note } from "../../components/notes";
import { TagsEditor } from "../../components/tags-editor";
import { say } from "../../components/toast";
import { count } from "../../lib/format";
import { AliasDialog, type AliasMove } from "./aliases";
import { DeleteModel } from "./delete";
import { History } from "./history";
import { Versions } from "./versions";

export default function ModelPage({ name }: { name: string }) {
  const { data, error, refetch } = there(useQuery(registeredModelQuery(name)));
  const versions = useVersions(name);
  const isLive = useLive([], undefined, ["models"]);
  const actions = useRegistryActions();
  const [moving, move] = useState<AliasMove>();
  const [deleting, askToDelete] = useState(false);
  const list = (versions.data?.pages ?? []).flatMap((page) => page.model_versions ?? []);
  const aliases = data?.aliases ?? [];
  const rename = async (next: string) => {
    await actions.rename(name, next);
    window.location.hash = `#/models/${encodeURIComponent(next)}`;
    say(
      `Renamed “${name}” to “${next}”. Programs that load models:/${name} do not find it now.`,
      async () => {
        await actions.rename(next, name);
        window.location.hash = `#/models/${encodeURIComponent(name)}`;
      },
    );
  };
  return (
    <Page
      crumbs={[{ text: "Models", href: "#/models" }, { text: name }]}
      rename={data ? { what: `Name of the model ${name}`, save: rename } : undefined}
      tools={
        <>
          <LiveDot stands={isLive} />
          <span className="quiet wide">
            {versions.data
              ? `${count(list.length, "version")}${versions.hasNextPage ? " so far" : ""}`
              : ""}
          </span>
          <div className="grow" />
          {data ? (
            <MenuButton
              label={`What to do with ${name}`}
              className="button icon"
              items={() => [{ text: "Delete the model", do: () => askToDelete(true) }]}
            />
          ) : null}
        </>
      }
    >
      <div className="content">
        {error && !data ? <Failed error={error} again={refetch} /> : null}
        {!data && !error ? <Loading rows={14} /> : null}
        {data ? (
          <div className="padded">
            <div className="line quiet">
              <Ago ms={data.creation_timestamp} did="created" />
              {data.user_id ? <span>by {data.user_id}</span> : null}
              <Ago ms={data.last_updated_timestamp} did="changed" />
            </div>
            <Description
              text={data.description ?? ""}
              of={name}
              onSave={(text) => actions.describe(name, text)}
            />
            <section>
              <h2>Versions</h2>
              {versions.data && list.length === 0 ? <NoVersions name={name} /> : null}
              {list.length > 0 ? (
                <Versions
                  model={name}
                  versions={list}
                  aliases={aliases}
                  onAlias={move}
                  onEnd={() => {
                    if (versions.hasNextPage && !versions.isFetching) void versions.fetchNextPage();
                  }}
                />
              ) : null}
            </section>
            <div className="facts">
              <TagsEditor
                tags={data.tags ?? []}
                of={name}
                onSet={(key, value) => actions.setTag(name, key, value)}
                onRemove={(key) => actions.removeTag(name, key)}
              />
              <History name={name} />
            </div>
          </div>
        ) : null}
      </div>
      <AliasDialog
        model={name}
        move={moving}
        aliases={aliases}
        versions={list.map((one) => String(one.version))}
        onClose={() => move(undefined)}
      />
      <DeleteModel
        name={name}
        versions={list.length}
        aliases={aliases}
        open={deleting}
        onClose={() => askToDelete(false)}
      />
    </Page>
  );
}

function NoVersions({ name }: { name: string }) {
  return (
    <Note title="No versions yet">
      <p>Register a model that a run logged: on the page of the model, or in Python.</p>
      <Copy text={`mlflow.register_model(info.model_uri, ${JSON.stringify(name)})`} />
    </Note>
  );
}
