// What the clients kept of where runs came from, side by side: code or packages.
import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { documentsQuery } from "../../api/run";
import { Failed, Loading, Note } from "../../components/notes";
import { foundLines, linesOfPackages } from "../../lib/compare";
import { environmentOf } from "../../lib/environment";
import { useField } from "../../state/location";
import { CompareCode } from "./code";
import { type Chosen, Matrix } from "./matrix";
import { Tools } from "./tools";

function documentsOf(found: UseQueryResult<Map<string, string>>[]) {
  const isReady = found.every((one) => one.data !== undefined);
  return {
    error: found.find((one) => one.error)?.error,
    environments: isReady
      ? found.map((one) => environmentOf(one.data?.get("environment.json")))
      : undefined,
    diffs: found.map((one) => one.data?.get("git.diff")),
  };
}

export function Documents({ tab, ...chosen }: Chosen & { tab: "code" | "packages" }) {
  const { rows } = chosen;
  const [all] = useField("all");
  const [find] = useField("find");
  const { error, environments, diffs } = useQueries({
    queries: rows.map((row) => documentsQuery(row.id)),
    combine: documentsOf,
  });
  const lines = useMemo(() => linesOfPackages(environments ?? []), [environments]);
  const shown = useMemo(() => foundLines(lines, find, all === "1"), [lines, find, all]);
  if (error) return <Failed error={error} />;
  if (!environments) return <Loading />;
  if (tab === "code") {
    return (
      <div className="comparison scrolls">
        <CompareCode
          {...chosen}
          environments={environments}
          diffs={diffs}
          find={find}
          all={all === "1"}
        />
      </div>
    );
  }
  return (
    <div className="comparison">
      <Tools rows={rows} shown={shown} total={lines.length} />
      {shown.length > 0 ? (
        <div className="view">
          <Matrix {...chosen} label="Packages" lines={shown} />
        </div>
      ) : (
        <Note title={lines.length === 0 ? "No packages are known" : "Nothing differs"}>
          <p>
            {lines.length === 0
              ? "The clients of these runs kept no list of what was installed."
              : "All runs had the same packages in the same versions."}
          </p>
        </Note>
      )}
    </div>
  );
}
