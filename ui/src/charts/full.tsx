// One chart on the whole screen: arrow keys lead to the next, Escape leaves.
import { useEffect } from "react";
import { Icon } from "../components/icons";
import { significant } from "../lib/format";
import type { Board } from "./board";
import { bucketsFor, CardBody, useZoom, viewOf } from "./card";
import { CardMenu } from "./card-menu";
import { Sign } from "./legend";
import { useSeen } from "./use-seen";
import { useTraces } from "./use-traces";

const MOST_BUCKETS = 10_000; // of a line
const LISTED = 60; // lines that have a name below
const MOST_CELLS = 1_000_000; // over all lines

interface FullProps {
  metric: string;
  section: string;
  board: Board;
  onStep: (by: number) => void;
  onClose: () => void;
}

export function Full({ metric, section, board, onStep, onClose }: FullProps) {
  const [place, width] = useSeen<HTMLDialogElement>();
  const look = board.layout.cards[metric] ?? {};
  const view = viewOf(board, section, look);
  const share = Math.floor(MOST_CELLS / Math.max(1, board.ids.length));
  const most = Math.max(
    bucketsFor(width, board.ids.length, MOST_BUCKETS),
    Math.min(MOST_BUCKETS, share),
  );
  const drawn = useTraces(board, {
    metric,
    look,
    view,
    buckets: most,
    enabled: width > 0 && board.isWhole,
  });
  const zoom = useZoom(board, metric, section);
  useEffect(() => {
    const dialog = place.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, [place]);
  const isOnPlot = (target: EventTarget) =>
    target instanceof HTMLElement && target.closest(".plot, input, select");
  return (
    <dialog
      ref={place}
      className="full"
      aria-label={metric}
      onClose={onClose}
      onKeyDown={(event) => {
        if (isOnPlot(event.target)) return;
        if (event.key === "ArrowLeft") onStep(-1);
        if (event.key === "ArrowRight") onStep(1);
      }}
    >
      <header className="line">
        <h2 className="grow">{[metric, ...(look.more ?? [])].join(", ")}</h2>
        {view ? (
          <button type="button" className="plain" onClick={() => zoom(undefined, undefined)}>
            Show all
          </button>
        ) : null}
        <button
          type="button"
          className="tool"
          aria-label="Previous chart"
          title="Previous (←)"
          onClick={() => onStep(-1)}
        >
          <Icon name="left" size={16} />
        </button>
        <button
          type="button"
          className="tool"
          aria-label="Next chart"
          title="Next (→)"
          onClick={() => onStep(1)}
        >
          <Icon name="right" size={16} />
        </button>
        <CardMenu metric={metric} board={board} drawn={drawn} view={view} onZoom={zoom} />
        <button
          type="button"
          className="tool"
          aria-label="Close"
          title="Close (Esc)"
          onClick={onClose}
        >
          <Icon name="cross" size={16} />
        </button>
      </header>
      <CardBody metric={metric} board={board} look={look} drawn={drawn} view={view} onZoom={zoom} />
      {drawn.traces.length <= LISTED ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keys
        <ul className="legend" aria-label="Lines" tabIndex={0}>
          {drawn.traces.map((trace) => (
            <li
              key={trace.id}
              className={board.hovered === trace.run ? "chosen" : undefined}
              onMouseEnter={() => board.onHover(trace.run)}
              onMouseLeave={() => board.onHover(undefined)}
            >
              <Sign color={trace.color} dash={trace.dash} />
              <span className="legend-text" title={trace.label}>
                {trace.label}
              </span>
              <span className="quiet">{significant(trace.y.at(-1) ?? Number.NaN)}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </dialog>
  );
}
