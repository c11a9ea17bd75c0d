// What runs logged, side by side.
import { useMemo } from "react";
import { Note } from "../../components/notes";
import { foundLines, linesOfCourse, linesOfRuns } from "../../lib/compare";
import { viewOf } from "../../lib/view";
import { useField, usePlace } from "../../state/location";
import { type Chosen, Matrix } from "./matrix";
import { Tools } from "./tools";

export function Values(chosen: Chosen) {
  const { rows } = chosen;
  const [all] = useField("all");
  const [find] = useField("find");
  const [, setKept] = useField("better");
  const { fields } = usePlace();
  const { better } = useMemo(() => viewOf(fields), [fields]);
  const lines = useMemo(() => [...linesOfCourse(rows), ...linesOfRuns(rows)], [rows]);
  const shown = useMemo(() => foundLines(lines, find, all === "1"), [lines, find, all]);
  return (
    <div className="comparison">
      <Tools rows={rows} shown={shown} total={lines.length} />
      {shown.length > 0 ? (
        <div className="view">
          <Matrix
            {...chosen}
            label="Comparison"
            lines={shown}
            better={better}
            onBetter={(key, way) => {
              const { [key]: _, ...rest } = better;
              const next = way ? { ...rest, [key]: way } : rest;
              setKept(Object.keys(next).length > 0 ? JSON.stringify(next) : "");
            }}
          />
        </div>
      ) : (
        <Note title={find ? "Nothing is called so" : "Nothing differs"}>
          <p>
            {find
              ? "No key and no value of these runs has this text."
              : "All runs logged the same. Press “Differences only” to see what."}
          </p>
        </Note>
      )}
    </div>
  );
}
