// One more run beside those that are compared, found by its name.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { namedRunsQuery } from "../../api/run";
import { Ago } from "../../components/ago";
import { PopupButton } from "../../components/popup-button";
import { Search } from "../../components/search";
import { Status } from "../../components/status";
import { rowOf } from "../../lib/runset";

interface AddProps {
  experimentIds: string[];
  ids: string[];
  onAdd: (id: string) => void;
}

export function AddRun(props: AddProps) {
  return (
    <PopupButton label="Add a run" text="Add a run">
      {() => <Choices {...props} />}
    </PopupButton>
  );
}

function Choices({ experimentIds, ids, onAdd }: AddProps) {
  const [find, setFind] = useState("");
  const { data } = useQuery(namedRunsQuery(experimentIds, find));
  const rows = (data ?? []).map(rowOf).filter((row) => !ids.includes(row.id));
  return (
    <>
      <Search what="Find runs by name" value={find} onChange={setFind} className="" />
      <ul className="add-run">
        {rows.map((row) => (
          <li key={row.id}>
            <button type="button" className="menu-item" onClick={() => onAdd(row.id)}>
              <Status status={row.status} />
              <span className="branch-name">{row.name}</span>
              <Ago className="quiet" ms={row.start} />
            </button>
          </li>
        ))}
      </ul>
      {data && rows.length === 0 ? <p className="quiet">No other run is called so.</p> : null}
    </>
  );
}
