// The menus of the table of runs: of a column, of a line, of the eyes, of a colour.
import { Menu } from "../../components/menu";
import { Popup } from "../../components/popup";
import { PALETTES, type PaletteName } from "../../lib/colors";
import { titleOf } from "../../lib/column-names";
import { type OrderKey, orderText, reordered } from "../../lib/order";
import { type Column, columnOf, type Extreme } from "../../lib/runset";
import { isSortable, movedColumn, replacedColumn, type View } from "../../lib/view";

const WIDER = 40; // pixels

interface ColumnMenuProps {
  anchor: HTMLElement;
  column: Column;
  columns: Column[]; // of the table, in order
  width: number;
  view: View;
  keys: OrderKey[];
  onOrder: (keys: OrderKey[]) => void;
  change: (part: Partial<View>) => void;
  onClose: () => void;
}

export function ColumnMenu(props: ColumnMenuProps) {
  const { anchor, column, columns, width, view, keys, onOrder, change, onClose } = props;
  const { id, kind, key, extreme } = column;
  const isStuck = view.stick.has(id);
  const sorted = keys.find((one) => one.id === id);
  const sort = (descending: boolean) => ({
    text: descending ? "Sort high to low" : "Sort low to high",
    isOn: sorted?.descending === descending,
    do: () => onOrder(sorted?.descending === descending ? [] : [{ id, descending }]),
  });
  const show = (which: Extreme | undefined) => ({
    text: which ? `Show the ${which}imum` : "Show the latest",
    isOn: extreme === which,
    do: () => {
      const next = columnOf(kind, key, which);
      change({
        columns: replacedColumn(columns, id, next),
        ...(sorted ? { order: orderText(reordered(keys, id, next.id)) } : {}),
      });
    },
  });
  const better = (direction: "up" | "down") => ({
    text: direction === "up" ? "Higher is better" : "Lower is better",
    isOn: view.better[key] === direction,
    do: () => {
      const { [key]: was, ...rest } = view.better;
      change({ better: was === direction ? rest : { ...rest, [key]: direction } });
    },
  });
  const resize = (by: number) => () =>
    change({ widths: { ...view.widths, [id]: Math.max(48, width + by) } });
  const move = (by: number) => () => change({ columns: movedColumn(columns, id, by) });
  return (
    <Menu
      anchor={anchor}
      label={`Menu of ${titleOf(column)}`}
      onClose={onClose}
      groups={[
        isSortable(id) ? [sort(true), sort(false)] : [],
        kind === "metrics" ? [show(undefined), show("min"), show("max")] : [],
        kind === "metrics" ? [better("up"), better("down")] : [],
        [
          {
            text: "Keep in sight",
            isOn: isStuck,
            do: () => {
              const stick = new Set(view.stick);
              if (!stick.delete(id)) stick.add(id);
              change({ stick });
            },
          },
          { text: "Move left", do: move(-1) },
          { text: "Move right", do: move(1) },
          { text: "Wider", do: resize(WIDER) },
          { text: "Narrower", do: resize(-WIDER) },
          {
            text: "Hide",
            do: () => change({ columns: columns.filter((one) => one.id !== id) }),
          },
        ],
      ].filter((group) => group.length > 0)}
    />
  );
}

interface EyeMenuProps {
  anchor: HTMLElement;
  show: string;
  order: string;
  change: (part: Partial<View>) => void;
  onClose: () => void;
}

export function EyeMenu({ anchor, show, order, change, onClose }: EyeMenuProps) {
  const rule = (text: string, value: string) => ({
    text,
    isOn: show === value,
    do: () => change({ show: value, eyes: new Set() }),
  });
  const sort = (text: string, value: string) => ({
    text,
    isOn: order === value,
    do: () => change({ order: value }),
  });
  return (
    <Menu
      anchor={anchor}
      label="Runs in charts, and their order"
      onClose={onClose}
      groups={[
        [5, 10, 25, 50, 100].map((most) => rule(`First ${most} of this order`, `first:${most}`)),
        [rule("All", "all"), rule("None", "none"), rule("Only running", "running")],
        [
          sort("Sort latest first", ""),
          sort("Sort by name", "attributes.run_name ASC"),
          sort("Sort by status", "attributes.status ASC"),
          sort("Sort longest first", "attributes.duration DESC"),
        ],
      ]}
    />
  );
}

interface ColorMenuProps {
  anchor: HTMLElement;
  palette: PaletteName;
  color: string | undefined; // that somebody chose
  onChoose: (color: string | undefined) => void;
  onClose: () => void;
}

export function ColorMenu({ anchor, palette, color, onChoose, onClose }: ColorMenuProps) {
  const choose = (next: string | undefined) => {
    onClose();
    anchor.focus({ preventScroll: true });
    onChoose(next);
  };
  return (
    <Popup anchor={anchor} label="Colour" className="form-popup colors" onClose={onClose}>
      <div className="swatches">
        {PALETTES[palette].map((one) => (
          <button
            key={one}
            type="button"
            className="swatch"
            aria-label={one}
            aria-pressed={one === color}
            style={{ background: one }}
            onClick={() => choose(one)}
          />
        ))}
      </div>
      <label className="line">
        Another
        <input
          type="color"
          defaultValue={color ?? PALETTES[palette][0]}
          onBlur={(event) => {
            if (event.target.value !== (color ?? PALETTES[palette][0])) choose(event.target.value);
          }}
        />
      </label>
      <button type="button" className="button" onClick={() => choose(undefined)}>
        The colour of its id
      </button>
    </Popup>
  );
}
