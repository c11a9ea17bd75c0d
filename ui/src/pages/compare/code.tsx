// Where runs came from, side by side: commits, commands, and what was not committed.
import { useMemo } from "react";
import { Copy } from "../../components/copy";
import { Code } from "../../components/preview/code";
import { foundLines, linesOfCode } from "../../lib/compare";
import { unified } from "../../lib/diff";
import type { Environment } from "../../lib/environment";
import { useField } from "../../state/location";
import { type Chosen, Matrix } from "./matrix";
import { Tools } from "./tools";

interface CodeProps extends Chosen {
  environments: (Environment | undefined)[];
  diffs: (string | undefined)[];
  find: string;
  all: boolean;
}

export function CompareCode({ environments, diffs, find, all, ...chosen }: CodeProps) {
  const { rows, base } = chosen;
  const [other, setOther] = useField("with", rows[base === 0 ? 1 : 0]?.id);
  const lines = useMemo(() => linesOfCode(rows, environments), [rows, environments]);
  const shown = foundLines(lines, find, all);
  const place = rows.findIndex((row) => row.id === other);
  const at = place >= 0 && place !== base ? place : base === 0 ? 1 : 0;
  const commits = [base, at].map(
    (one) =>
      environments[one]?.git?.commit || rows[one]?.tags.get("mlflow.source.git.commit") || "",
  );
  const difference = useMemo(() => unified(diffs[base] ?? "", diffs[at] ?? ""), [diffs, base, at]);
  const name = (one: number) => <strong className="cut">{rows[one]?.name}</strong>;
  return (
    <>
      <Tools rows={rows} shown={shown} total={lines.length} />
      {shown.length > 0 ? (
        <div className="view short-sheet">
          <Matrix {...chosen} label="Code and environment" lines={shown} />
        </div>
      ) : (
        <p className="quiet">
          {lines.length === 0
            ? "No run here says where it came from."
            : "Nothing that differs: all runs came from the same code, command and Python."}
        </p>
      )}
      <section className="code-difference">
        <div className="line">
          <h2>Changes</h2>
          <span>from</span>
          {name(base)}
          <span>to</span>
          <select
            className="field short"
            aria-label="Run whose changes are shown"
            value={rows[at]?.id}
            onChange={(event) => setOther(event.target.value)}
          >
            {rows.map((row, one) =>
              one === base ? null : (
                <option key={row.id} value={row.id}>
                  {row.name}
                </option>
              ),
            )}
          </select>
        </div>
        {commits[0] && commits[1] && commits[0] !== commits[1] ? (
          <div className="line">
            The commits differ; what lies between them:
            <Copy text={`git diff ${commits[0]} ${commits[1]}`} />
          </div>
        ) : null}
        {difference ? (
          <>
            <p className="quiet">
              How the uncommitted changes of one run differ from those of the other:
            </p>
            <div className="diff">
              <Code text={difference} language="diff" label="Difference of uncommitted changes" />
            </div>
          </>
        ) : (
          <p className="quiet">
            {diffs[base] || diffs[at]
              ? "Both had the same uncommitted changes."
              : "Neither kept any uncommitted changes."}
          </p>
        )}
      </section>
    </>
  );
}
