// The metrics of a run: where they stand, how far they went, and the way to their charts.
import { useMemo } from "react";
import { useExtremes } from "../../api/run";
import { Facts } from "../../components/facts";
import { byName } from "../../lib/by-name";
import { number, significant } from "../../lib/format";
import type { Row } from "../../lib/runset";
import { hrefOf } from "../../state/location";

const MEASURED = 200; // metrics whose extremes are asked for

export function Metrics({ row, finds }: { row: Row; finds: (text: string) => boolean }) {
  const all = useMemo(
    () =>
      [...row.metrics]
        .filter(([key]) => !key.startsWith("system/"))
        .sort(([a], [b]) => byName(a, b)),
    [row],
  );
  const found = all.filter(([key, value]) => finds(`${key} ${value}`));
  const curves = useMemo(
    () => found.map(([key]) => key).filter((key) => row.curves.has(key)),
    [found, row],
  );
  const { data: extremes } = useExtremes(row.id, curves.slice(0, MEASURED));
  const path = `/experiments/${row.experimentId}/runs/${row.id}`;
  return (
    <Facts
      title="Metrics"
      all={all}
      found={found}
      empty={<pre className="hint">{'mlflow.log_metric("loss", 0.25, step=1)'}</pre>}
      head={["Key", "Latest", "Min", "Max"]}
      row={([key, value]) => {
        const one = extremes?.get(key);
        const cell = (of: number | string | undefined) =>
          one && row.curves.has(key) ? (
            <td className="number" title={String(of)}>
              {significant(number(of))}
            </td>
          ) : (
            <td />
          );
        return (
          <tr key={key}>
            <th scope="row" className="mono">
              <a href={hrefOf(path, { tab: "charts", charts: key })} title={`Chart of ${key}`}>
                {key}
              </a>
            </th>
            <td className="number" title={String(value)}>
              {significant(value)}
            </td>
            {cell(one?.min)}
            {cell(one?.max)}
          </tr>
        );
      }}
    />
  );
}
