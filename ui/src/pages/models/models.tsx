// All registered models: found by words or by the server's language, page by page.
import { useCallback, useMemo } from "react";
import { useRegisteredModels } from "../../api/registry";
import type { RegisteredModel } from "../../api/wire";
import { Page } from "../../components/frame";
import { Search } from "../../components/search";
import { TagChips } from "../../components/tag-chips";
import { ago, count } from "../../lib/format";
import { filterOf, quoted } from "../../lib/searching";
import { useDebounced } from "../../state/debounced";
import { useField } from "../../state/location";
import { Grid, type GridColumn } from "../../table/grid";
import { Found } from "./found";
import { NewModel } from "./new-model";

const FIELDS: Record<string, string> = { name: "name", changed: "last_updated_timestamp" };

export default function ModelsPage() {
  const [find, setFind] = useField("find");
  const [order, setOrder] = useField("order");
  const [making, make] = useField("new");
  const filter = useDebounced(filterOf("name", find), 250);
  const [by = "", direction] = order.split(" ");
  const orderBy = FIELDS[by] ? `${FIELDS[by]} ${direction === "DESC" ? "DESC" : "ASC"}` : "";
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useRegisteredModels(
    filter,
    orderBy,
  );
  const models = useMemo(() => (data?.pages ?? []).flatMap((page) => page.models), [data]);
  const counts = useMemo(
    () => new Map((data?.pages ?? []).flatMap((page) => [...page.counts])),
    [data],
  );
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const now = Date.now();
  const sortable = (id: string, first: "ASC" | "DESC") => ({
    sort: by === id ? (direction as "ASC" | "DESC") : undefined,
    onSort: () => {
      const other = first === "ASC" ? "DESC" : "ASC";
      setOrder(by !== id ? `${id} ${first}` : direction === first ? `${id} ${other}` : "");
    },
  });
  const columns: GridColumn<RegisteredModel>[] = [
    {
      id: "name",
      title: "Name",
      width: 300,
      ...sortable("name", "ASC"),
      cell: (one) => (
        <a href={`#/models/${encodeURIComponent(one.name ?? "")}`} title={one.name}>
          {one.name}
        </a>
      ),
    },
    {
      id: "versions",
      title: "Versions",
      width: 80,
      isNumber: true,
      cell: (one) => counts.get(one.name ?? ""),
    },
    {
      id: "aliases",
      title: "Aliases",
      width: 260,
      cell: (one) => (
        <span className="row-tags">
          {(one.aliases ?? []).map((alias) => (
            <a
              key={alias.alias}
              className="chip"
              href={`#/models/${encodeURIComponent(one.name ?? "")}/versions/${alias.version}`}
            >
              @{alias.alias} → {alias.version}
            </a>
          ))}
        </span>
      ),
    },
    {
      id: "changed",
      title: "Last changed",
      width: 120,
      ...sortable("changed", "DESC"),
      cell: (one) => (
        <span title={new Date(one.last_updated_timestamp ?? 0).toISOString()}>
          {ago(one.last_updated_timestamp ?? 0, now)}
        </span>
      ),
    },
    {
      id: "tags",
      title: "Tags and description",
      width: 320,
      cell: (one) => (
        <TagChips
          tags={one.tags ?? []}
          note={one.description}
          onTag={(key, value) => setFind(`tags.\`${key}\` = ${quoted(value)}`)}
        />
      ),
    },
  ];
  const wrong = error && find ? error.message : undefined;
  const total = `${count(models.length, "model")}${hasNextPage ? " so far" : ""}`;
  return (
    <Page
      crumbs={[{ text: "Models" }]}
      tools={
        <>
          <span className="quiet wide">{data ? total : ""}</span>
          <div className="grow" />
          <Search
            what="Find models"
            hint="Words of a name, or a filter: tags.team = 'risk'"
            value={find}
            onChange={setFind}
            wrong={wrong}
          />
          <button type="button" className="button" onClick={() => make("1")}>
            New
          </button>
        </>
      }
    >
      <div className="column">
        <Found
          wrong={wrong}
          error={error}
          again={refetch}
          count={data ? models.length : undefined}
          find={find}
          onAll={() => setFind("")}
          empty="No registered models yet"
        >
          <p>Register a model that a run logged, and it appears here:</p>
          <pre>{'mlflow.register_model(info.model_uri, "churn")'}</pre>
        </Found>
        {models.length > 0 ? (
          <Grid
            label="Models"
            rows={models}
            keyOf={(one) => one.name ?? ""}
            columns={columns}
            onEnd={more}
          />
        ) : null}
      </div>
      <NewModel open={making !== ""} onClose={() => make("")} />
    </Page>
  );
}
