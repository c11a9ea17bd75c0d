// The few signs of the pages, drawn with one stroke.
const PATHS = {
  experiments: "M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3M7.5 14h9",
  models: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
  eye: "M2 12s4-6.5 10-6.5S22 12 22 12s-4 6.5-10 6.5S2 12 2 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  "eye-shut": "M2 12s4-6.5 10-6.5S22 12 22 12s-4 6.5-10 6.5S2 12 2 12zM4 20L20 4",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  flag: "M6 21V4h11l-2 4 2 4H6",
  filter: "M4 5h16l-6 8v6l-4-2v-4z",
  folder: "M3 6h6l2 2h10v11H3z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  table: "M4 5h16v14H4zM4 10h16M10 5v14",
  both: "M4 4h16v7H4zM4 15v5h16M7 18l4-3 3 2 5-3",
  charts: "M4 4v16h16M7 15l4-5 3 3 5-6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  cross: "M6 6l12 12M18 6L6 18",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
  pause: "M9 6v12M15 6v12",
  play: "M8 5l11 7-11 7z",
  grip: "M9 5.5a.5.5 0 1 0 .01 0M15 5.5a.5.5 0 1 0 .01 0M9 11.5a.5.5 0 1 0 .01 0M15 11.5a.5.5 0 1 0 .01 0M9 17.5a.5.5 0 1 0 .01 0M15 17.5a.5.5 0 1 0 .01 0",
  dots: "M5 11a1 1 0 1 0 .01 0zM12 11a1 1 0 1 0 .01 0zM19 11a1 1 0 1 0 .01 0z",
  expand: "M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5",
  left: "M15 6l-6 6 6 6",
  undo: "M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
  redo: "M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h3",
  wave: "M3 9c4 0 4 3 9 3s5-3 9-3M3 14c4 0 4 3 9 3s5-3 9-3",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.7 1.7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.7-1.7",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
  help: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17v.01",
  pencil: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  wider: "M4 4v16M20 4v16M9 12h7M13 9l3 3-3 3",
  narrower: "M4 4v16M20 4v16M8 12h7M11 9l-3 3 3 3",
  down: "M6 9l6 6 6-6",
  right: "M9 6l6 6-6 6",
} as const;

export function Icon({ name, size = 18 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
