// The params and tags that the runs of a page have.
import { useMemo } from "react";
import { useKeys } from "../api/run-keys";
import { groupKeys } from "../lib/chart-groups";
import { columnOf } from "../lib/runset";
import type { Board } from "./board";

const SHOWN = 500;
const NONE: string[] = [];

/** Return params and tags by which runs can be told apart, as columns. */
export function useChartKeys({ experimentIds, rows }: Board): string[] {
  const isAsked = experimentIds !== undefined;
  const asked = { enabled: isAsked, most: SHOWN };
  const ids = experimentIds ?? NONE;
  const { data: params } = useKeys(ids, "", { kind: "params", ...asked });
  const { data: tags } = useKeys(ids, "", { kind: "tags", ...asked });
  return useMemo(
    () =>
      isAsked
        ? [...(params?.keys ?? []), ...(tags?.keys ?? [])]
            .filter(({ key }) => !key.startsWith("mlflow."))
            .map(({ kind, key }) => columnOf(kind, key).id)
        : groupKeys(rows),
    [isAsked, params, tags, rows],
  );
}
