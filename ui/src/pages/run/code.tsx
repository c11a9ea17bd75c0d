// Where a run came from: command, commit, what was not committed, interpreter and packages.
import { useQuery } from "@tanstack/react-query";
import { documentsQuery } from "../../api/run";
import { Copy } from "../../components/copy";
import { Facts, Pair } from "../../components/facts";
import { Failed } from "../../components/notes";
import { Code } from "../../components/preview/code";
import { commandLine, environmentOf } from "../../lib/environment";
import { count } from "../../lib/format";
import { safeHref } from "../../lib/markdown";
import type { Row } from "../../lib/runset";

export function Origin({ row, finds }: { row: Row; finds: (text: string) => boolean }) {
  const { data, error, refetch } = useQuery(documentsQuery(row.id));
  if (error) return <Failed error={error} again={refetch} />;
  const environment = environmentOf(data?.get("environment.json"));
  const { git, packages = [] } = environment ?? {};
  const tag = (name: string) => row.tags.get(`mlflow.source.${name}`) ?? "";
  const repository = git?.repository || tag("git.repoURL");
  const branch = git?.branch || tag("git.branch");
  const commit = git?.commit || tag("git.commit");
  const facts: [string, string][] = [
    ["Source", tag("name")],
    ["Entry point", row.tags.get("mlflow.project.entryPoint") ?? ""],
    ["Repository", repository],
    ["Branch", branch],
    ["Commit", commit],
    ["Python", environment?.python ?? ""],
    ["Interpreter", environment?.executable ?? ""],
    ["Platform", environment?.platform ?? ""],
  ];
  const known = facts.filter(([, value]) => value);
  const command = environment ? commandLine(environment.command) : "";
  return (
    <>
      <Facts
        title="Code and environment"
        all={known}
        found={known.filter(([key, value]) => finds(`${key} ${value}`))}
        empty="The client kept nothing of where this run came from."
        row={([key, value]) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td className="mono">
              {safeHref(value) ? (
                <a href={safeHref(value)} target="_blank" rel="noopener noreferrer">
                  {value}
                </a>
              ) : (
                value
              )}
            </td>
          </tr>
        )}
      >
        {command && finds(command) ? <Copy text={command} /> : null}
      </Facts>
      {packages.length > 0 ? (
        <Facts
          title="Packages"
          first={12}
          all={packages}
          found={packages.filter(([name, version]) => finds(`${name}==${version}`))}
          empty=""
          row={([name, version]) => <Pair key={name} name={name} value={version} />}
        />
      ) : null}
    </>
  );
}

/** What was not committed when the run began. */
export function Changes({ runId, finds }: { runId: string; finds: (text: string) => boolean }) {
  const { data } = useQuery(documentsQuery(runId));
  const git = environmentOf(data?.get("environment.json"))?.git;
  const diff = data?.get("git.diff");
  if (!diff || !finds(diff)) return null;
  return (
    <section>
      <h2>
        Uncommitted changes{" "}
        <span className="quiet">
          {count(diff.split("\n").filter((line) => /^[+-](?![+-])/.test(line)).length, "line")}
          {git?.complete === false ? ", not all of them were kept" : ""}
        </span>
      </h2>
      <div className="diff">
        <Code text={diff} language="diff" label="Uncommitted changes" />
      </div>
    </section>
  );
}
