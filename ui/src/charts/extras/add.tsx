// The button that makes a chart of all runs.

import { PopupButton } from "../../components/popup-button";
import { columnOf } from "../../lib/runset";
import type { Board } from "../board";
import { useChartKeys } from "../use-keys";
import { KINDS, newExtra } from "./kinds";

export function AddChart({ board }: { board: Board }) {
  return (
    <PopupButton popup="options" label="Add a chart of all runs" text="Add chart">
      {(close) => <Choices board={board} close={close} />}
    </PopupButton>
  );
}

function Choices({ board, close }: { board: Board; close: () => void }) {
  const keys = useChartKeys(board);
  const metrics = board.metrics.map((key) => columnOf("metrics", key).id);
  const params = keys.filter((key) => key.startsWith("params."));
  return (
    <ul className="picks">
      {Object.entries(KINDS).map(([kind, { title }]) => (
        <li key={kind}>
          <button
            type="button"
            className="plain"
            onClick={() => {
              const extra = newExtra(kind, metrics, params);
              board.change({ extras: [...board.layout.extras, extra] });
              close();
            }}
          >
            {title}
          </button>
        </li>
      ))}
    </ul>
  );
}
