// Two versions of a model side by side: what their runs measured, what they take, what they need.
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useLive } from "../../api/live";
import { loggedModelQuery } from "../../api/logged-models";
import { runQuery } from "../../api/queries";
import { evidenceQuery, textQuery, versionFile, versionQuery } from "../../api/registry";
import type { KeyValue, ModelMetric } from "../../api/wire";
import { Page } from "../../components/frame";
import { Failed, Loading, Note } from "../../components/notes";
import { delta } from "../../lib/compare";
import { isOwn } from "../../lib/finding";
import { number, significant } from "../../lib/format";
import { type DiffLine, linesOf, requirementsIn, typesOf } from "../../lib/version-diff";
import { useField } from "../../state/location";
import { useMlmodel } from "./mlmodel";

type Facts = Map<string, string | number>;
type Side = Record<(typeof PARTS)[number], Facts>;

const PARTS = ["Version", "Metrics", "Params", "Tags", "Schema", "Requirements"] as const;

export default function CompareVersionsPage({ name }: { name: string }) {
  const [versions] = useField("versions");
  const [all, showAll] = useField("all");
  const [first = "", second = ""] = versions.split(",");
  const a = useSide(name, first);
  const b = useSide(name, second);
  useLive([], undefined, ["models"]);
  const path = `#/models/${encodeURIComponent(name)}`;
  const error = a.error ?? b.error;
  const [before, after] = [a.side, b.side];
  const parts =
    before && after
      ? PARTS.map((part) => [part, linesOf([before[part], after[part]])] as const)
      : undefined;
  const shown = parts?.map(
    ([part, lines]) => [part, lines.filter((line) => all || line.differs)] as const,
  );
  const differing = (parts ?? []).flatMap(([, lines]) => lines.filter((line) => line.differs));
  return (
    <Page
      crumbs={[
        { text: "Models", href: "#/models" },
        { text: name, href: path },
        { text: `Versions ${first} and ${second}` },
      ]}
      tools={
        <>
          <span className="quiet wide">
            {parts
              ? `${differing.length} ${differing.length === 1 ? "difference" : "differences"}`
              : ""}
          </span>
          <div className="grow" />
          <button
            type="button"
            className="button"
            aria-pressed={!all}
            onClick={() => showAll(all ? "" : "1")}
          >
            Differences only
          </button>
        </>
      }
    >
      <div className="content padded">
        {error ? <Failed error={error} /> : null}
        {!shown && !error ? <Loading rows={14} /> : null}
        {shown && differing.length === 0 && !all ? (
          <Note title="Nothing differs in what is known of these versions" />
        ) : null}
        {shown?.some(([, lines]) => lines.length > 0) ? (
          <div className="scroll">
            <table className="pairs comparison">
              <thead>
                <tr>
                  <th scope="col">
                    <span className="hidden-text">What</span>
                  </th>
                  {[first, second].map((version) => (
                    <th key={version} scope="col">
                      <a href={`${path}/versions/${version}`}>Version {version}</a>
                    </th>
                  ))}
                </tr>
              </thead>
              {shown.map(([part, lines]) =>
                lines.length === 0 ? null : <Part key={part} title={part} lines={lines} />,
              )}
            </table>
          </div>
        ) : null}
      </div>
    </Page>
  );
}

function Part({ title, lines }: { title: string; lines: DiffLine[] }) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={3} className="group-title">
          {title}
        </th>
      </tr>
      {lines.map(({ key, values: [before, after], differs }) => (
        <tr key={key} className={differs ? "differs" : undefined}>
          <th scope="row" className="mono">
            {key}
          </th>
          <td>{text(before)}</td>
          <td>
            {text(after)} <span className="quiet">{delta(after, before)}</span>
          </td>
        </tr>
      ))}
    </tbody>
  );
}

function text(value: string | number | undefined) {
  if (value === undefined) return <span className="quiet">none</span>;
  return typeof value === "number" ? (
    <span title={String(value)}>{significant(value)}</span>
  ) : (
    value
  );
}

function factsOf(pairs: readonly KeyValue[] | undefined): Facts {
  return new Map((pairs ?? []).map(({ key = "", value = "" }) => [key, value]));
}

function metricsOf(metrics: readonly ModelMetric[] | undefined): Facts {
  return new Map(
    (metrics ?? []).map((one) => [
      one.dataset_name ? `${one.key} (${one.dataset_name})` : (one.key ?? ""),
      number(one.value),
    ]),
  );
}

/** What is known of a version; undefined until all of it came. */
function useSide(name: string, version: string): { side?: Side; error: Error | null } {
  const fileAt = useCallback((path: string) => versionFile(name, version, path), [name, version]);
  const of = useQuery(versionQuery(name, version));
  const evidence = useQuery(evidenceQuery(name, version));
  const { described, error: unread } = useMlmodel(fileAt);
  const requirements = useQuery(textQuery(fileAt("requirements.txt")));
  const modelId = evidence.data?.model_id ?? "";
  const model = useQuery({ ...loggedModelQuery(modelId), enabled: modelId !== "", retry: false });
  const runId = of.data?.run_id ?? "";
  const run = useQuery({ ...runQuery(runId), enabled: runId !== "", retry: false });
  const isWaiting =
    [of, evidence, requirements].some((one) => one.isPending) ||
    (!described && !unread) ||
    model.isLoading ||
    run.isLoading;
  if (isWaiting || !of.data) return { error: of.error };
  const data = model.data?.data;
  const isOfModel = (data?.metrics ?? []).length + (data?.params ?? []).length > 0;
  const facts: Facts = new Map();
  const say = (key: string, value: string | undefined) => {
    if (value) facts.set(key, value);
  };
  say("status", String(of.data.status));
  say("stage", of.data.current_stage === "None" ? undefined : of.data.current_stage);
  say("description", of.data.description);
  say("run", run.data?.info?.run_name || runId);
  say("source", of.data.source);
  say("files", evidence.data?.digest);
  say("flavors", described?.flavors.join(", "));
  say("Python", described?.pythonVersion);
  return {
    error: null,
    side: {
      Version: facts,
      Metrics: metricsOf(isOfModel ? data?.metrics : run.data?.data?.metrics),
      Params: factsOf(isOfModel ? data?.params : run.data?.data?.params),
      Tags: factsOf((of.data.tags ?? []).filter((tag) => !isOwn(tag))),
      Schema: described ? typesOf(described.signature) : new Map(),
      Requirements: requirementsIn(requirements.data ?? ""),
    },
  };
}
