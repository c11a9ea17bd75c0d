// What went into a run and what came out of it, found by one field.
import { useMemo } from "react";
import { NOTE } from "../../api/experiments";
import { useChange } from "../../api/run";
import type { Run } from "../../api/wire";
import { Description } from "../../components/description";
import { Facts, Pair } from "../../components/facts";
import { Search } from "../../components/search";
import { TagsEditor } from "../../components/tags-editor";
import { byName } from "../../lib/by-name";
import { rowOf } from "../../lib/runset";
import { useField } from "../../state/location";
import { Changes, Origin } from "./code";
import { Family } from "./family";
import { Lineage } from "./lineage";
import { Metrics } from "./metrics";

export function Overview({ run }: { run: Run }) {
  const row = useMemo(() => rowOf(run), [run]);
  const { mutateAsync: act } = useChange(row.id);
  const note = row.tags.get(NOTE) ?? "";
  const [find, setFind] = useField("find");
  const wanted = find.trim().toLowerCase();
  const finds = (text: string) => text.toLowerCase().includes(wanted);
  const params = useMemo(() => [...row.params].sort(([a], [b]) => byName(a, b)), [row]);
  return (
    <div className="padded">
      <Description
        text={note}
        of={row.name}
        what="note"
        onSave={async (text) => {
          if (text.trim()) await act({ kind: "tag", key: NOTE, value: text });
          else if (note) await act({ kind: "untag", key: NOTE });
        }}
      />
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
          row={([key, value]) => <Pair key={key} name={key} value={value} />}
        />
        <div className="stack">
          <TagsEditor
            tags={run.data?.tags ?? []}
            of={row.name}
            finds={finds}
            onSet={(key, value) => act({ kind: "tag", key, value })}
            onRemove={(key) => act({ kind: "untag", key })}
          />
          <Lineage inputs={run.inputs ?? {}} outputs={run.outputs ?? {}} finds={finds} />
          <Family row={row} finds={finds} />
          <Origin row={row} finds={finds} />
        </div>
      </div>
      <Changes runId={row.id} finds={finds} />
    </div>
  );
}
