// The menu of a line of the table, and the colours of a run.
import { Menu } from "../../components/menu";
import { say, sayError } from "../../components/toast";
import type { GroupLine, Line, RunLine } from "../../lib/arrange";
import { copyText } from "../../lib/clipboard";
import { chosenColor, type PaletteName } from "../../lib/colors";
import { allOf } from "../../lib/filter";
import { criteria } from "../../lib/groups";
import type { Row } from "../../lib/runset";
import type { View } from "../../lib/view";
import { archive } from "./batch";
import { ColorMenu } from "./menus";
import type { RowActs } from "./use-row-acts";

export type RowMenu =
  | { is: "line"; anchor: HTMLElement; key: string }
  | { is: "color"; anchor: HTMLElement; id: string };

interface RowMenusProps {
  menu: RowMenu;
  lines: Line[];
  view: View;
  palette: PaletteName;
  acts: RowActs;
  members: (line: Line) => Row[];
  onColor: (anchor: HTMLElement, id: string) => void;
  onTick: (rows: Row[]) => void;
  onClose: () => void;
}

export function RowMenus(props: RowMenusProps) {
  const { menu, lines, palette, acts, onClose } = props;
  const key = menu.is === "line" ? menu.key : menu.id;
  const line = lines.find((one) => one.key === key);
  if (!line) return null;
  if (line.is === "group") return <GroupMenu {...props} line={line} />;
  if (menu.is === "line") return <RunMenu {...props} line={line} />;
  return (
    <ColorMenu
      anchor={menu.anchor}
      palette={palette}
      color={chosenColor(line.row.color)}
      onChoose={(color) => void acts.color(line.row, color)}
      onClose={onClose}
    />
  );
}

function RunMenu({ menu, line, view, acts, onColor, onClose }: RowMenusProps & { line: RunLine }) {
  const { row } = line;
  const isBaseline = view.baseline === row.id;
  return (
    <Menu
      anchor={menu.anchor}
      label={`Menu of ${row.name}`}
      onClose={onClose}
      groups={[
        [
          { text: "Open", hint: "Enter", do: () => acts.onKey("Enter", row) },
          { text: "Show only this in charts", do: () => acts.only([row]) },
        ],
        [
          {
            text: "Pin above the others",
            hint: "p",
            isOn: view.pinned.includes(row.id),
            do: () => acts.pin(row),
          },
          { text: "Baseline", hint: "b", isOn: isBaseline, do: () => acts.base(row) },
          { text: "Colour", do: () => onColor(menu.anchor, row.id) },
        ],
        [
          {
            text: "Copy the run id",
            do: async () => {
              if (await copyText(row.id)) say("The run id is on the clipboard.");
            },
          },
          ...(row.isArchived
            ? []
            : [
                {
                  text: "Archive",
                  isBad: true,
                  do: () => void archive([row], acts.done).catch(sayError),
                },
              ]),
        ],
      ]}
    />
  );
}

function GroupMenu(props: RowMenusProps & { line: GroupLine }) {
  const { menu, line, view, acts, members, onTick, onClose } = props;
  const said = criteria(view.group, line.group.values);
  return (
    <Menu
      anchor={menu.anchor}
      label={`Menu of ${said}`}
      onClose={onClose}
      groups={[
        [
          {
            // The criteria go along, not the ids: runs that come later belong to it too.
            text: "Open as a query",
            do: () =>
              acts.narrow({
                filter: allOf([view.filter, said]),
                group: view.group.slice(line.group.values.length),
                open: new Set(),
              }),
          },
          { text: "Show only these in charts", do: () => acts.only(members(line)) },
          { text: "Choose its runs", do: () => onTick(members(line)) },
        ],
      ]}
    />
  );
}
