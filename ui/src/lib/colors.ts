// Colours of runs: that of its id, the same on all pages, but where another run beside it has it.

export const COLOR_TAG = "mlflow.headrace.color"; // its value is the `color` of a table's row

// Twelve that stay apart, and eight of Okabe and Ito (2008) for the colour-blind.
export const PALETTES = {
  standard: [
    "#2f6fd0",
    "#d9622b",
    "#2f9e5b",
    "#a24bc4",
    "#c73a52",
    "#1f9aa8",
    "#b8860b",
    "#5b5bd6",
    "#d14f9a",
    "#6b8e23",
    "#8a5a3b",
    "#c2185b",
  ],
  "colour-blind": [
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#d55e00",
    "#56b4e9",
    "#8c8c00",
    "#6b6b6b",
  ],
} as const;

export type PaletteName = keyof typeof PALETTES;

// Each comes in three brightnesses, so that two runs seldom look the same. In the standard palette they
// are luminances (WCAG 2) that stand out at 3:1 from the page of either theme; the others live of their
// differences in brightness, so they only come as they are, lighter and darker.
const LUMINANCES = [0.195, 0.293, 0.134];
const SHADES = [
  [0, 0],
  [255, 0.2],
  [0, 0.2],
] as const;

const SHADED: Record<PaletteName, string[]> = {
  standard: LUMINANCES.flatMap((one) => PALETTES.standard.map((color) => atLuminance(color, one))),
  "colour-blind": SHADES.flatMap(([toward, share]) =>
    PALETTES["colour-blind"].map((color) => mixed(color, toward, share)),
  ),
};

/** Return the colour of an id, the same each time and whatever else is shown. */
export function colorOf(id: string, palette: PaletteName): string {
  const colors = SHADED[palette];
  return colors[placeOf(id, colors.length)] ?? PALETTES[palette][0];
}

interface Colored {
  id: string;
  color?: string | undefined; // that somebody chose
  start?: number | undefined;
}

/** Return the colours of runs that are shown together: those of their ids, others where two would be of one hue. */
export function colorsOf(runs: readonly Colored[], palette: PaletteName): Map<string, string> {
  const colors = SHADED[palette];
  const hues = PALETTES[palette].length; // the places of one hue are so far apart
  const found = new Map<string, string>();
  const taken = new Set<string>();
  const uses = new Array<number>(hues).fill(0);
  const give = (id: string, place: number) => {
    found.set(id, colors[place] ?? PALETTES[palette][0]);
    taken.add(colors[place] ?? "");
    uses[place % hues] = (uses[place % hues] ?? 0) + 1;
  };
  const rest: Colored[] = [];
  for (const run of runs) {
    const chosen = chosenColor(run.color);
    if (chosen) {
      found.set(run.id, chosen);
      taken.add(chosen);
    } else rest.push(run);
  }
  // The oldest first: a run that comes later takes no colour away from one that is there.
  rest.sort((a, b) => (a.start ?? 0) - (b.start ?? 0) || (a.id < b.id ? -1 : 1));
  const late = rest.filter(({ id }) => {
    const place = placeOf(id, colors.length);
    if (uses[place % hues] || taken.has(colors[place] ?? "")) return true;
    give(id, place);
    return false;
  });
  const places = colors.map((_, place) => place);
  for (const { id } of late) {
    const own = placeOf(id, colors.length);
    const free = [...places.slice(own), ...places.slice(0, own)].filter(
      (place) => !taken.has(colors[place] ?? ""),
    );
    const least = Math.min(...free.map((place) => uses[place % hues] ?? 0));
    give(id, free.find((place) => uses[place % hues] === least) ?? own);
  }
  return found;
}

/** Return a colour that somebody chose, if it is one: six digits after a #. */
export function chosenColor(text: string | undefined): string | undefined {
  return text && /^#[0-9a-f]{6}$/i.test(text) ? text : undefined;
}

function mixed(color: string, toward: number, share: number): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const made = parts.map((part) => Math.round(part + (toward - part) * share));
  return `#${made.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Return the relative luminance of a colour, from 0 to 1 (WCAG 2). */
export function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function atLuminance(color: string, wanted: number): string {
  const toward = luminance(color) < wanted ? 255 : 0;
  let low = 0;
  let high = 1;
  for (let times = 0; times < 12; times += 1) {
    const share = (low + high) / 2;
    const isShort =
      toward === 255
        ? luminance(mixed(color, toward, share)) < wanted
        : luminance(mixed(color, toward, share)) > wanted;
    if (isShort) low = share;
    else high = share;
  }
  return mixed(color, toward, high);
}

function placeOf(id: string, size: number): number {
  let sum = 2166136261;
  for (let at = 0; at < id.length; at += 1) {
    sum = Math.imul(sum ^ id.charCodeAt(at), 16777619);
  }
  return (sum >>> 0) % size;
}
