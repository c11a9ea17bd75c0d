// The charts of the runs that the table shows.
import { useMemo } from "react";
import { useKeys } from "../../api/run-keys";
import type { Ask } from "../../api/run-set";
import { ChartPanel } from "../../charts/panel";
import type { Row } from "../../lib/runset";
import { longestWord } from "../../lib/sought";
import { useField } from "../../state/location";

const CHARTED = 1_000; // metrics that have charts at once

interface ChartsProps {
  ask: Ask;
  rows: Row[];
  looks: { id: string; label: string; color: string }[];
  isWhole: boolean; // whether no more looks come
  hovered: string | undefined;
  onHover: (id: string | undefined) => void;
  baseline: string | undefined;
}

export function Charts({ ask, rows, looks, isWhole, ...rest }: ChartsProps) {
  const [find] = useField("charts");
  const { data: first } = useKeys(ask.experimentIds, "", { kind: "metrics", most: CHARTED });
  // Of more keys than that, those are charts that are sought.
  const part = first && !first.isAll ? longestWord(find) : "";
  const { data } = useKeys(ask.experimentIds, part, { kind: "metrics", most: CHARTED });
  const metrics = useMemo(() => data?.keys.map((one) => one.key), [data]);
  return (
    <ChartPanel
      experimentIds={ask.experimentIds}
      filter={ask.filter}
      rows={rows}
      runs={looks}
      metrics={metrics}
      isWhole={isWhole}
      {...rest}
    />
  );
}
