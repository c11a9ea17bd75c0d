// A page with a list of models that a search narrows down and the server gives page by page.
import { type ReactNode, useCallback } from "react";
import { Page } from "../../components/frame";
import { LiveDot } from "../../components/live-dot";
import { Failed, Loading, Note } from "../../components/notes";
import { Search } from "../../components/search";
import { count } from "../../lib/format";
import { Grid, type GridColumn } from "../../table/grid";

interface Asked {
  data: unknown;
  error: Error | null;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetching: boolean;
  fetchNextPage: () => unknown;
}

interface ListProps<T> {
  label: string;
  isLive: boolean;
  crumbs: { text: string; href?: string }[];
  asked: Asked; // a query of pages
  rows: T[]; // that came so far
  keyOf: (row: T) => string;
  columns: GridColumn<T>[];
  find: string;
  onFind: (find: string) => void;
  hint: string; // how one finds
  tools?: ReactNode;
  more?: ReactNode; // of the bar
  empty: string; // the title where there is nothing at all
  children: ReactNode; // what to do then
}

export function ModelList<T>(props: ListProps<T>) {
  const { asked, rows, find, onFind } = props;
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = asked;
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const wrong = error && find ? error.message : undefined;
  const total = `${count(rows.length, "model")}${hasNextPage ? " so far" : ""}`;
  const stead = () => {
    if (wrong) {
      return (
        <p className="form bad" role="alert">
          {wrong}
        </p>
      );
    }
    if (!data) return error ? <Failed error={error} again={refetch} /> : <Loading rows={14} />;
    if (rows.length > 0) return null;
    return (
      <Note title={find ? "No model is like that" : props.empty}>
        {find ? (
          <button type="button" className="button" onClick={() => onFind("")}>
            Show all
          </button>
        ) : (
          props.children
        )}
      </Note>
    );
  };
  return (
    <Page
      crumbs={props.crumbs}
      tools={
        <>
          <LiveDot stands={props.isLive} />
          <span className="quiet wide">{data ? total : ""}</span>
          <div className="grow" />
          <Search
            what="Find models"
            hint={props.hint}
            value={find}
            onChange={onFind}
            wrong={wrong}
          />
          {props.tools}
        </>
      }
      more={props.more}
    >
      <div className="column">
        {stead()}
        {rows.length > 0 ? (
          <Grid
            label={props.label}
            rows={rows}
            keyOf={props.keyOf}
            columns={props.columns}
            onEnd={more}
          />
        ) : null}
      </div>
    </Page>
  );
}
