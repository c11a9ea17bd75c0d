// The run that started this one, and those that this one started.
import { useQuery } from "@tanstack/react-query";
import { runQuery } from "../../api/queries";
import { useChildren } from "../../api/run";
import { Ago } from "../../components/ago";
import { Status } from "../../components/status";
import { type Row, rowOf } from "../../lib/runset";

export function Family({ row, finds }: { row: Row; finds: (text: string) => boolean }) {
  const parentId = row.tags.get("mlflow.parentRunId") ?? "";
  const { data: parent } = useQuery({ ...runQuery(parentId), enabled: parentId !== "" });
  const { data } = useChildren(row.experimentId, row.id);
  const children = (data?.runs ?? []).map(rowOf).filter((one) => finds(one.name));
  if (!parent && children.length === 0) return null;
  return (
    <section>
      <h2>{parent && children.length === 0 ? "Parent run" : "Nested runs"}</h2>
      <ul className="family">
        {parent ? (
          <li className="line">
            <span className="quiet">in</span>
            <Link row={rowOf(parent)} />
          </li>
        ) : null}
        {children.map((one) => (
          <li key={one.id} className="line">
            <Link row={one} />
            <Ago className="quiet" ms={one.start} />
          </li>
        ))}
      </ul>
      {data?.next_page_token ? <p className="quiet">and more: see the table of runs</p> : null}
    </section>
  );
}

function Link({ row }: { row: Row }) {
  return (
    <>
      <Status status={row.status} />
      <a href={`#/experiments/${row.experimentId}/runs/${row.id}`}>{row.name}</a>
    </>
  );
}
