// The keys of the pages, as the list of them shows them and as the frame hears them.

export interface Shortcut {
  keys: string; // alternatives with " or ", keys one after another with a space
  what: string;
}

export const SHORTCUTS: [where: string, list: Shortcut[]][] = [
  [
    "Everywhere",
    [
      { keys: "Ctrl+K", what: "Find everything and do anything" },
      { keys: "g e", what: "Go to experiments" },
      { keys: "g m", what: "Go to models" },
      { keys: "g s", what: "Go to settings" },
      { keys: "/", what: "Search on this page" },
      { keys: "[", what: "Widen or narrow the rail" },
      { keys: "?", what: "Show this list" },
      { keys: "Esc", what: "Close what is open" },
    ],
  ],
  [
    "Table of runs",
    [
      { keys: "j or k", what: "Next or previous run" },
      { keys: "Enter", what: "Open the run" },
      { keys: "x", what: "Choose the run; Shift and a click choose all up to it" },
      { keys: "e", what: "Show or hide the run in charts" },
      { keys: "p", what: "Pin the run above the others" },
      { keys: "b", what: "Make the run the baseline" },
      { keys: "m", what: "Open the run's menu" },
      { keys: "→ or ←", what: "Open or close a group or a parent" },
      { keys: "Ctrl+J", what: "Table or charts" },
    ],
  ],
  [
    "Files of a run",
    [
      { keys: "j or k", what: "Next or previous file" },
      { keys: "→ or ←", what: "Open or close a folder" },
      { keys: "Enter", what: "Look into the file" },
      { keys: "Ctrl+→ or Ctrl+←", what: "Next or previous step of the images" },
    ],
  ],
  [
    "Console",
    [
      { keys: "Enter", what: "Next line that was found" },
      { keys: "Shift+Enter", what: "The one before" },
    ],
  ],
  [
    "Dialogs and menus",
    [
      { keys: "↑ or ↓", what: "Go through the entries" },
      { keys: "Enter", what: "Do what is marked" },
    ],
  ],
];

const PLACES: Record<string, string> = {
  e: "#/experiments",
  m: "#/models",
  s: "#/settings",
};

export type Pressed = { go: string } | "palette" | "list" | "search" | "rail" | "wait" | undefined;

/** Return what a key means, given the one before it and whether one is typing. */
export function meaning(
  key: string,
  before: string,
  held: { command: boolean; typing: boolean },
): Pressed {
  if (held.command) return key.toLowerCase() === "k" ? "palette" : undefined;
  if (held.typing) return undefined;
  if (before === "g") {
    const place = PLACES[key];
    if (place) return { go: place };
  }
  if (key === "g") return "wait";
  if (key === "?") return "list";
  if (key === "/") return "search";
  return key === "[" ? "rail" : undefined;
}
