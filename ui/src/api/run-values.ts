// Chosen columns of all runs that match: what charts of whole sets, and groups of lines, are made of.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { rowsOfPage } from "../lib/run-rows";
import type { Row } from "../lib/runset";
import { call } from "./client";

const PAGE = 2_000;
const MOST = 20_000; // runs

export interface RunsAsked {
  experimentIds: string[] | undefined; // undefined where the rows at hand are all there are
  filter: string;
  rows: Row[];
}

/** Return rows with the values of columns; undefined until they came. */
export function useRowsWith(
  { experimentIds, filter, rows }: RunsAsked,
  columns: string[],
): Row[] | undefined {
  const { data } = useQuery({
    queryKey: ["values of runs", experimentIds, filter, columns],
    enabled: experimentIds !== undefined && columns.length > 0,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Row[]> => {
      const found: Row[] = [];
      let token: string | undefined;
      do {
        const page = await call(
          "POST /api/headrace/runs/table",
          {
            experiment_ids: experimentIds ?? [],
            columns,
            max_results: PAGE,
            ...(filter ? { filter } : {}),
            ...(token ? { page_token: token } : {}),
          },
          signal,
        );
        found.push(...rowsOfPage(page));
        token = page.next_page_token || undefined;
      } while (token && found.length < MOST);
      return found;
    },
  });
  return experimentIds === undefined || columns.length === 0 ? rows : data;
}
