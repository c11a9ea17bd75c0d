// What all charts of a page share.
import type { Group } from "../lib/chart-groups";
import type { CardLook, Layout } from "../lib/layout";
import type { Row } from "../lib/runset";
import type { Crosshair } from "./crosshair";

export interface RunLook {
  id: string;
  label: string;
  color: string;
}

export interface Board {
  layout: Layout;
  change: (changes: Partial<Layout>) => void;
  look: (key: string, changes: Partial<CardLook> | undefined) => void;
  runs: RunLook[]; // in the order of the table: the first is in front
  ids: string[];
  set: string; // a name of these runs
  isWhole: boolean; // whether all of them are here, and may be asked for
  rows: Row[]; // those at hand
  experimentIds: string[] | undefined; // where all runs that match can be asked for
  filter: string;
  groups: Map<string, Group> | undefined; // of each run its group, where there are any
  palette: readonly string[];
  metrics: string[];
  crosshair: Crosshair;
  hovered: string | undefined;
  onHover: (run: string | undefined) => void;
  baseline: string | undefined;
}
