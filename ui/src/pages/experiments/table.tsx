// The experiments and their folders as rows.
import { useState } from "react";
import { NOTE, useExperimentActions } from "../../api/experiments";
import type { Experiment, ExperimentCounts } from "../../api/wire";
import { Ago } from "../../components/ago";
import { Check } from "../../components/check";
import { NameField } from "../../components/editable";
import { Flash } from "../../components/flash";
import { Icon } from "../../components/icons";
import { MenuButton, type MenuItem } from "../../components/menu";
import { TagChips } from "../../components/tag-chips";
import { say } from "../../components/toast";
import { copyText } from "../../lib/clipboard";
import { withTag } from "../../lib/finding";
import type { Folder, Leaf } from "../../lib/folders";
import { count } from "../../lib/format";
import { Grid, type GridColumn } from "../../table/grid";
import { sorting } from "../../table/sorting";

type Row = Folder | Leaf<Experiment>;
export type Asked =
  | { kind: "archive" | "restore"; ids: string[] }
  | { kind: "details"; id: string }
  | { kind: "new"; folder: string };

type Counts = ReadonlyMap<string, ExperimentCounts>;

interface TableProps {
  rows: Row[];
  counts: Counts;
  isArchive: boolean;
  order: string;
  onOrder: (order: string) => void;
  ticked: ReadonlySet<string>;
  onTick: (ids: ReadonlySet<string>) => void;
  onFolder: (path: string) => void;
  find: string;
  onFind: (find: string) => void;
  onAsk: (asked: Asked) => void;
}

const NARROW = 640; // pixels of a window on which a name leaves room for the rest
const STEP = 1.25; // rem that each depth moves a name to the right

export function ExperimentTable(props: TableProps) {
  const { rows, counts, order, onOrder, find, onFind, ticked } = props;
  const now = Date.now();
  const sortable = sorting(order, onOrder);
  const columns: GridColumn<Row>[] = [
    {
      id: "name",
      title: "Name",
      width: window.innerWidth < NARROW ? 240 : 420,
      ...sortable("name", "ASC"),
      cell: (row) =>
        row.kind === "folder" ? (
          <FolderName {...props} folder={row} />
        ) : (
          <Name {...props} leaf={row} />
        ),
    },
    {
      id: "runs",
      title: "Runs",
      width: 80,
      isNumber: true,
      ...sortable("runs", "DESC"),
      cell: (row) => {
        const runs = sum(idsOf(row), counts, "active_runs");
        const archived = sum(idsOf(row), counts, "archived_runs");
        return runs === undefined ? null : (
          <Flash of={runs} title={archived ? `and ${count(archived, "archived run")}` : undefined}>
            {runs.toLocaleString("en")}
          </Flash>
        );
      },
    },
    {
      id: "activity",
      title: "Last activity",
      width: 120,
      ...sortable("activity", "DESC"),
      cell: (row) => (
        <Ago
          ms={Math.max(0, ...idsOf(row).map((id) => counts.get(id)?.last_activity ?? 0))}
          now={now}
        />
      ),
    },
    {
      id: "created",
      title: "Created",
      width: 110,
      ...sortable("created", "DESC"),
      cell: (row) => (row.kind === "leaf" ? <Ago ms={row.one.creation_time} now={now} /> : null),
    },
    {
      id: "tags",
      title: "Tags and description",
      width: 320,
      cell: (row) =>
        row.kind === "leaf" ? (
          <TagChips
            tags={row.one.tags ?? []}
            note={row.one.tags?.find((tag) => tag.key === NOTE)?.value}
            onTag={(key, value) => onFind(withTag(find, key, value))}
          />
        ) : null,
    },
  ];
  return (
    <Grid
      label="Experiments"
      rows={rows}
      keyOf={(row) => (row.kind === "folder" ? `/${row.path}` : (row.one.experiment_id ?? ""))}
      columns={columns}
      isChosen={(row) =>
        row.kind === "folder"
          ? row.ids.every((id) => ticked.has(id))
          : ticked.has(row.one.experiment_id ?? "")
      }
    />
  );
}

function idsOf(row: Row): string[] {
  return row.kind === "folder" ? row.ids : [row.one.experiment_id ?? ""];
}

function sum(ids: string[], counts: Counts, what: "active_runs" | "archived_runs") {
  let total: number | undefined;
  for (const id of ids) {
    const value = counts.get(id)?.[what];
    if (value !== undefined) total = (total ?? 0) + value;
  }
  return total;
}

function indent(depth: number) {
  return depth > 0 ? <span style={{ width: `${depth * STEP}rem`, flex: "none" }} /> : null;
}

function FolderName({
  folder,
  isArchive,
  ticked,
  onTick,
  onFolder,
  onAsk,
}: TableProps & { folder: Folder }) {
  const { path, name, ids, isClosed, depth } = folder;
  const on = ids.filter((id) => ticked.has(id)).length;
  return (
    <>
      {indent(depth)}
      <Check
        label={`Choose all in ${path}`}
        checked={on === ids.length}
        isMixed={on > 0 && on < ids.length}
        onChange={() => {
          const next = new Set(ticked);
          for (const id of ids) on === ids.length ? next.delete(id) : next.add(id);
          onTick(next);
        }}
      />
      <button
        type="button"
        className="folder"
        title={path}
        aria-expanded={!isClosed}
        onClick={() => onFolder(path)}
      >
        <Icon name={isClosed ? "right" : "down"} size={14} />
        <Icon name="folder" size={14} />
        <span className="folder-name">{name}</span>
        <span className="quiet">{ids.length}</span>
      </button>
      {isArchive ? null : (
        <MenuButton
          label={`What to do with ${path}`}
          items={() => [
            { text: "New experiment here", do: () => onAsk({ kind: "new", folder: path }) },
            {
              text: `Archive ${count(ids.length, "experiment")}`,
              do: () => onAsk({ kind: "archive", ids }),
            },
          ]}
        />
      )}
    </>
  );
}

function Name({ leaf, isArchive, ticked, onTick, onAsk }: TableProps & { leaf: Leaf<Experiment> }) {
  const { name = "", experiment_id: id = "" } = leaf.one;
  const [renaming, rename] = useState(false);
  const actions = useExperimentActions();
  const save = async (next: string) => {
    await actions.rename(id, next);
    say(`Renamed “${name}” to “${next}”.`, () => actions.rename(id, name));
  };
  if (renaming) {
    return (
      <NameField
        value={name}
        what={`Name of experiment ${name}`}
        onSave={save}
        done={() => rename(false)}
      />
    );
  }
  const items = (): MenuItem[] => [
    { text: "Rename", do: () => rename(true) },
    { text: "Tags and description", do: () => onAsk({ kind: "details", id }) },
    { text: "Copy the name", do: () => copied(name) },
    { text: "Copy the id", do: () => copied(id) },
    { text: "Archive", do: () => onAsk({ kind: "archive", ids: [id] }) },
  ];
  return (
    <>
      {indent(leaf.depth)}
      <Check
        label={`Choose ${name}`}
        checked={ticked.has(id)}
        onChange={() => {
          const next = new Set(ticked);
          if (!next.delete(id)) next.add(id);
          onTick(next);
        }}
      />
      {isArchive ? (
        <>
          <span className="editable-text" title={name}>
            {leaf.name}
          </span>
          <button
            type="button"
            className="plain"
            onClick={() => onAsk({ kind: "restore", ids: [id] })}
          >
            Restore<span className="hidden-text"> {name}</span>
          </button>
        </>
      ) : (
        <>
          <a href={`#/experiments/${id}`} title={name}>
            {leaf.name}
          </a>
          <MenuButton label={`What to do with ${name}`} items={items} />
        </>
      )}
    </>
  );
}

async function copied(text: string): Promise<void> {
  if (await copyText(text)) say(`“${text}” is on the clipboard.`);
}
