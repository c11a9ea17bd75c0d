// One more run beside those that are compared, found by its name.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { namedRunsQuery } from "../../api/run";
import { Popup } from "../../components/popup";
import { Search } from "../../components/search";
import { Status } from "../../components/status";
import { ago } from "../../lib/format";
import { rowOf } from "../../lib/runset";

interface AddProps {
  experimentIds: string[];
  ids: string[];
  onAdd: (id: string) => void;
}

export function AddRun({ experimentIds, ids, onAdd }: AddProps) {
  const [anchor, setAnchor] = useState<HTMLElement>();
  const [find, setFind] = useState("");
  const { data } = useQuery(namedRunsQuery(experimentIds, find, anchor !== undefined));
  const rows = (data ?? []).map(rowOf).filter((row) => !ids.includes(row.id));
  return (
    <>
      <button
        type="button"
        className="button"
        onClick={({ currentTarget }) => setAnchor(currentTarget)}
      >
        Add a run
      </button>
      {anchor ? (
        <Popup anchor={anchor} label="Add a run" onClose={() => setAnchor(undefined)}>
          <div className="add-run">
            <Search what="Find runs by name" value={find} onChange={setFind} className="" />
            <ul>
              {rows.map((row) => (
                <li key={row.id}>
                  <button type="button" className="menu-item" onClick={() => onAdd(row.id)}>
                    <Status status={row.status} />
                    <span className="branch-name">{row.name}</span>
                    <span className="quiet">{row.start ? ago(row.start, Date.now()) : ""}</span>
                  </button>
                </li>
              ))}
            </ul>
            {data && rows.length === 0 ? <p className="quiet">No other run is called so.</p> : null}
          </div>
        </Popup>
      ) : null}
    </>
  );
}
