// The versions of a model as rows. An alias is dragged to the version that it shall mean, or moved by a menu.
import { type DragEvent, useState } from "react";
import type { ModelVersion, RegisteredModelAlias } from "../../api/wire";
import { Ago } from "../../components/ago";
import { Check } from "../../components/check";
import { Flash } from "../../components/flash";
import { MenuButton } from "../../components/menu";
import { TagChips } from "../../components/tag-chips";
import { hrefOf } from "../../state/location";
import { useRowHeight } from "../../state/settings";
import { Grid, type GridColumn } from "../../table/grid";
import type { AliasMove } from "./aliases";
import { VersionStatus } from "./version-status";

const SHOWN = 14; // rows that are seen without scrolling
const KIND = "application/x-headrace-alias";

interface VersionsProps {
  model: string;
  versions: ModelVersion[];
  aliases: RegisteredModelAlias[];
  onAlias: (move: AliasMove) => void;
  onEnd: () => void;
}

export function Versions({ model, versions, aliases, onAlias, onEnd }: VersionsProps) {
  const [ticked, tick] = useState<string[]>([]);
  const [over, setOver] = useState<string>();
  const height = useRowHeight();
  const now = Date.now();
  const path = `/models/${encodeURIComponent(model)}`;
  const hasStages = versions.some((one) => (one.current_stage ?? "None") !== "None");
  const choose = (version: string) =>
    tick(
      ticked.includes(version)
        ? ticked.filter((one) => one !== version)
        : [...ticked, version].slice(-2),
    );
  const columns: GridColumn<ModelVersion>[] = [
    {
      id: "version",
      title: "Version",
      width: 120,
      cell: (one) => (
        <>
          <Check
            label={`Choose version ${one.version} to compare`}
            checked={ticked.includes(String(one.version))}
            onChange={() => choose(String(one.version))}
          />
          <a
            data-version={one.version}
            href={`#${path}/versions/${one.version}`}
            aria-label={`Version ${one.version}`}
          >
            {one.version}
          </a>
        </>
      ),
    },
    {
      id: "aliases",
      title: "Aliases",
      width: 280,
      cell: (one) => (
        <AliasCell
          version={String(one.version)}
          aliases={aliases.filter((alias) => String(alias.version) === String(one.version))}
          onAlias={onAlias}
        />
      ),
    },
    {
      id: "status",
      title: "Status",
      width: 110,
      cell: (one) => <VersionStatus status={String(one.status)} said={one.status_message} />,
    },
    ...(hasStages
      ? [
          {
            id: "stage",
            title: "Stage",
            width: 100,
            cell: (one: ModelVersion) => (one.current_stage === "None" ? null : one.current_stage),
          },
        ]
      : []),
    {
      id: "made",
      title: "Registered",
      width: 110,
      cell: (one) => <Ago ms={one.creation_timestamp} now={now} />,
    },
    ...(versions.some((one) => one.user_id)
      ? [{ id: "user", title: "By", width: 100, cell: (one: ModelVersion) => one.user_id }]
      : []),
    {
      id: "tags",
      title: "Tags and description",
      width: 280,
      cell: (one) => <TagChips tags={one.tags ?? []} note={one.description} />,
    },
  ];
  const versionAt = (event: DragEvent) =>
    (event.target as Element)
      .closest("[role=row]")
      ?.querySelector<HTMLElement>("[data-version]")
      ?.getAttribute("data-version") ?? undefined;
  return (
    <>
      <div className="line versions-bar">
        <span className="quiet">
          Drag an alias to the version that it shall mean. Choose two versions to see what differs.
        </span>
        {ticked.length === 2 ? (
          <a
            className="button main"
            href={hrefOf(`${path}/compare`, {
              versions: [...ticked].sort((a, b) => Number(a) - Number(b)).join(","),
            })}
          >
            Compare {ticked.length}
          </a>
        ) : null}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here is done by menus too */}
      <div
        className="versions"
        style={{ height: (Math.min(versions.length, SHOWN) + 1) * height + 2 }}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes(KIND)) return;
          const version = versionAt(event);
          if (version) event.preventDefault();
          if (version !== over) setOver(version);
        }}
        onDragLeave={() => setOver(undefined)}
        onDrop={(event) => {
          const version = versionAt(event);
          const alias = event.dataTransfer.getData(KIND);
          setOver(undefined);
          if (!version || !alias) return;
          event.preventDefault();
          const before = aliases.find((one) => one.alias === alias)?.version;
          if (String(before) !== version) onAlias({ alias, version });
        }}
      >
        <Grid
          label="Versions"
          rows={versions}
          keyOf={(one) => String(one.version)}
          columns={columns}
          isChosen={(one) => String(one.version) === over || ticked.includes(String(one.version))}
          onEnd={onEnd}
        />
      </div>
    </>
  );
}

interface AliasCellProps {
  version: string;
  aliases: RegisteredModelAlias[]; // of this version
  onAlias: (move: AliasMove) => void;
}

function AliasCell({ version, aliases, onAlias }: AliasCellProps) {
  return (
    <Flash of={aliases.map(({ alias }) => alias).join()} className="row-tags">
      {aliases.map(({ alias = "" }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: its menu does the same
        <span
          key={alias}
          draggable
          onDragStart={(event) => {
            event.dataTransfer.setData(KIND, alias);
            event.dataTransfer.effectAllowed = "move";
          }}
        >
          <MenuButton
            label={`Alias @${alias}`}
            className="chip alias"
            items={() => [
              { text: "Move to another version", do: () => onAlias({ alias }) },
              { text: "Remove the alias", do: () => onAlias({ alias, version }) },
            ]}
          >
            @{alias}
          </MenuButton>
        </span>
      ))}
      <button
        type="button"
        className="plain"
        aria-label={`Set an alias on version ${version}`}
        onClick={() => onAlias({ version })}
      >
        Set alias
      </button>
    </Flash>
  );
}
