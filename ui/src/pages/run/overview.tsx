// What went into a run and what came out of it, found by one field.
import { useMemo } from "react";
import type { Run } from "../../api/wire";
import { Search } from "../../components/search";
import { byName } from "../../lib/by-name";
import { rowOf } from "../../lib/runset";
import { useField } from "../../state/location";
import { Changes, Origin } from "./code";
import { Facts, Value } from "./facts";
import { Family } from "./family";
import { Lineage } from "./lineage";
import { Metrics } from "./metrics";
import { RunNote } from "./note";
import { Tags } from "./tags";

export function Overview({ run }: { run: Run }) {
  const row = useMemo(() => rowOf(run), [run]);
  const [find, setFind] = useField("find");
  const wanted = find.trim().toLowerCase();
  const finds = (text: string) => text.toLowerCase().includes(wanted);
  const params = useMemo(() => [...row.params].sort(([a], [b]) => byName(a, b)), [row]);
  return (
    <div className="padded">
      <RunNote runId={row.id} text={row.tags.get("mlflow.note.content") ?? ""} />
      <Search
        what="Find in this run: metrics, params, tags, packages, changes"
        value={find}
        onChange={setFind}
        className="overview-search"
      />
      <div className="facts">
        <Metrics row={row} finds={finds} />
        <Facts
          title="Params"
          all={params}
          found={params.filter(([key, value]) => finds(`${key} ${value}`))}
          empty={<pre className="hint">{'mlflow.log_param("lr", 0.01)'}</pre>}
          row={([key, value]) => (
            <tr key={key}>
              <th scope="row" className="mono">
                {key}
              </th>
              <td className="mono">
                <Value text={value} />
              </td>
            </tr>
          )}
        />
        <div className="stack">
          <Tags row={row} finds={finds} />
          <Lineage inputs={run.inputs ?? {}} outputs={run.outputs ?? {}} finds={finds} />
          <Family row={row} finds={finds} />
          <Origin row={row} finds={finds} />
        </div>
      </div>
      <Changes runId={row.id} finds={finds} />
    </div>
  );
}
