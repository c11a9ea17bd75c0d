// Runs put together by their params and tags: coloured, dashed and set apart.
import { columnNamed, columnOf, type Row, valueIn } from "./runset";

interface Keys {
  color: string[]; // as the query language names them: params.lr, tags.team
  dash: string[];
  facet: string[];
}

export interface Group {
  name: string; // of all its values
  label: string;
  color: number; // places among the values of each kind
  dash: number;
  facet: string;
}

const NONE = "(none)";

/** Return the keys by which rows can be put together. */
export function groupKeys(rows: Row[]): string[] {
  const params = new Set(rows.flatMap((row) => [...row.params.keys()]));
  const tags = new Set(rows.flatMap((row) => [...row.tags.keys()]));
  const byName = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true });
  return [
    ...[...params].sort(byName).map((key) => columnOf("params", key).id),
    ...[...tags]
      .filter((key) => !key.startsWith("mlflow."))
      .sort(byName)
      .map((key) => columnOf("tags", key).id),
  ];
}

function valueFor(row: Row | undefined, key: string): string {
  const column = columnNamed(key);
  const value = row && column ? valueIn(row, column) : undefined;
  return value === undefined || value === "" ? NONE : String(value);
}

/** Return the group of each run; places follow the order of the values. */
export function groupsOf(ids: string[], rows: Row[], keys: Keys): Map<string, Group> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const textOf = (id: string, those: string[]) =>
    those.map((key) => valueFor(byId.get(id), key)).join(" · ");
  const placesOf = (those: string[]) => {
    const values = new Set(ids.map((id) => textOf(id, those)));
    const sorted = [...values].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    return new Map(sorted.map((value, at) => [value, at]));
  };
  const [colors, dashes] = [placesOf(keys.color), placesOf(keys.dash)];
  return new Map(
    ids.map((id) => {
      const [color, dash, facet] = [keys.color, keys.dash, keys.facet].map((those) =>
        textOf(id, those),
      );
      const label = [color, dash].filter(Boolean).join(" · ");
      return [
        id,
        {
          name: JSON.stringify([color, dash, facet]),
          label: label || facet || "All runs",
          color: colors.get(color ?? "") ?? 0,
          dash: dashes.get(dash ?? "") ?? 0,
          facet: facet ?? "",
        },
      ];
    }),
  );
}
