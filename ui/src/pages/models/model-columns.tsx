// Which metrics and params the table of logged models shows.
import { useState } from "react";
import { PopupButton } from "../../components/popup-button";
import { Search } from "../../components/search";
import { best } from "../../lib/fuzzy";
import type { ModelColumn } from "../../lib/logged-models";

const SHOWN = 200;

interface ModelColumnsProps {
  all: ModelColumn[];
  chosen: ModelColumn[];
  isAutomatic: boolean;
  onChoose: (columns: ModelColumn[] | undefined) => void;
}

export function ModelColumns(props: ModelColumnsProps) {
  return (
    <PopupButton label="Columns" text="Columns">
      {() => <Picks {...props} />}
    </PopupButton>
  );
}

function Picks({ all, chosen, isAutomatic, onChoose }: ModelColumnsProps) {
  const [find, setFind] = useState("");
  const ids = new Set(chosen.map((one) => one.id));
  const gone = chosen.filter((one) => !all.some((other) => other.id === one.id));
  const found = best(find, [...gone, ...all], (one) => `${one.key} ${one.dataset}`);
  return (
    <>
      <Search what="Find metrics and params" value={find} onChange={setFind} className="" />
      <label className="line">
        <input
          type="checkbox"
          checked={isAutomatic}
          onChange={(event) => onChoose(event.target.checked ? undefined : chosen)}
        />
        Those that say most
      </label>
      <ul className="picks">
        {found.slice(0, SHOWN).map((one) => (
          <li key={one.id}>
            <label className="line">
              <input
                type="checkbox"
                checked={ids.has(one.id)}
                onChange={(event) =>
                  onChoose(
                    event.target.checked
                      ? [...chosen, one]
                      : chosen.filter((other) => other.id !== one.id),
                  )
                }
              />
              <span className="mono">{one.key}</span>
              <span className="quiet">{one.kind === "params" ? "param" : one.dataset}</span>
            </label>
          </li>
        ))}
      </ul>
      {found.length > SHOWN ? (
        <p className="quiet">and {found.length - SHOWN} more: type to find them</p>
      ) : null}
    </>
  );
}
