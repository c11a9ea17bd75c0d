// All registered models: found by words or by the server's language, page by page.
import { useMemo } from "react";
import { useLive } from "../../api/live";
import { useRegisteredModels, useRegistryActions } from "../../api/registry";
import type { RegisteredModel } from "../../api/wire";
import { Ago } from "../../components/ago";
import { Flash } from "../../components/flash";
import { NewDialog } from "../../components/new-dialog";
import { TagChips } from "../../components/tag-chips";
import { filterOf, quoted } from "../../lib/searching";
import { useDebounced } from "../../state/debounced";
import { useField } from "../../state/location";
import type { GridColumn } from "../../table/grid";
import { sorting } from "../../table/sorting";
import { ModelList } from "./list";

const FIELDS: Record<string, string> = { name: "name", changed: "last_updated_timestamp" };

export default function ModelsPage() {
  const [find, setFind] = useField("find");
  const [order, setOrder] = useField("order");
  const [making, make] = useField("new");
  const filter = useDebounced(filterOf("name", find), 250);
  const [by = "", direction] = order.split(" ");
  const orderBy = FIELDS[by] ? `${FIELDS[by]} ${direction === "DESC" ? "DESC" : "ASC"}` : "";
  const { create } = useRegistryActions();
  const asked = useRegisteredModels(filter, orderBy);
  const { data } = asked;
  const isLive = useLive([], undefined, ["models"]);
  const models = useMemo(() => (data?.pages ?? []).flatMap((page) => page.models), [data]);
  const counts = useMemo(
    () => new Map((data?.pages ?? []).flatMap((page) => [...page.counts])),
    [data],
  );
  const now = Date.now();
  const sortable = sorting(order, setOrder);
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
        <Flash
          of={(one.aliases ?? []).map((alias) => `${alias.alias} ${alias.version}`).join()}
          className="row-tags"
        >
          {(one.aliases ?? []).map((alias) => (
            <a
              key={alias.alias}
              className="chip"
              href={`#/models/${encodeURIComponent(one.name ?? "")}/versions/${alias.version}`}
            >
              @{alias.alias} → {alias.version}
            </a>
          ))}
        </Flash>
      ),
    },
    {
      id: "changed",
      title: "Last changed",
      width: 120,
      ...sortable("changed", "DESC"),
      cell: (one) => <Ago ms={one.last_updated_timestamp} now={now} />,
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
  return (
    <>
      <ModelList
        label="Models"
        isLive={isLive}
        crumbs={[{ text: "Models" }]}
        asked={asked}
        rows={models}
        keyOf={(one) => one.name ?? ""}
        columns={columns}
        find={find}
        onFind={setFind}
        hint="Words of a name, or a filter: tags.team = 'risk'"
        tools={
          <button type="button" className="button" onClick={() => make("1")}>
            New
          </button>
        }
        empty="No registered models yet"
      >
        <p>Register a model that a run logged, and it appears here:</p>
        <pre>{'mlflow.register_model(info.model_uri, "churn")'}</pre>
      </ModelList>
      <NewDialog
        title="New registered model"
        open={making !== ""}
        onCreate={async (name, note) => {
          await create(name, note);
          return `#/models/${encodeURIComponent(name)}`;
        }}
        onClose={() => make("")}
      />
    </>
  );
}
