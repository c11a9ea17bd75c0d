// One card: a metric of the runs that are visible, or several.
import { memo, useCallback, useMemo } from "react";
import { Icon } from "../components/icons";
import type { CardLook } from "../lib/layout";
import { type Range, spanY, type Trace } from "../lib/lines";
import { scaleOf } from "../lib/scales";
import { Bars } from "./bars";
import type { Board } from "./board";
import { CardMenu } from "./card-menu";
import { LEFT } from "./paint";
import { Plot } from "./plot";
import { useSeen } from "./use-seen";
import { type Drawn, useTraces } from "./use-traces";

const MOST_BUCKETS = 1000; // of a line in a card
const MANY = 50; // lines
const CROWD = 500; // lines that lie upon one another: a cell is two pixels
const AIR = 0.04; // above and below the lines, of the height

interface CardProps {
  metric: string;
  section: string;
  board: Board;
  onFull: (metric: string) => void;
  onMove: (metric: string, by: number) => void;
  onDrop: (metric: string, before: string) => void;
}

/** Return the range of x that a card shows; undefined for all. */
export function viewOf(board: Board, section: string, look: CardLook): Range | undefined {
  const { zoom } = board.layout;
  return look.rangeX ?? zoom[section] ?? zoom["*"];
}

/** Return what changes the ranges of a card, or of all that are zoomed with it. */
export function useZoom(board: Board, metric: string, section: string) {
  const { layout, change, look } = board;
  return useCallback(
    (x: Range | undefined, y: Range | undefined) => {
      const before = layout.cards[metric] ?? {};
      const { rangeX: _, rangeY: __, ...rest } = before;
      if (!x && !y) {
        const { [section]: ___, "*": ____, ...zoom } = layout.zoom;
        change({ zoom, cards: { ...layout.cards, [metric]: rest } });
      } else if (layout.link === "card" || !x) {
        look(metric, { ...(x ? { rangeX: x } : {}), ...(y ? { rangeY: y } : {}) });
      } else {
        const place = layout.link === "all" ? "*" : section;
        // What is zoomed together loses what each card had of its own.
        const cards = Object.fromEntries(
          Object.entries(layout.cards).map(([key, { rangeX: _mine, ...other }]) => [key, other]),
        );
        const zoom = place === "*" ? { "*": x } : { ...layout.zoom, [place]: x };
        change({ zoom, cards: y ? { ...cards, [metric]: { ...rest, rangeY: y } } : cards });
      }
    },
    [layout, change, look, metric, section],
  );
}

/** Return how finely to ask for a chart of a width: about two cells a pixel, fewer the more lines there are. */
export function bucketsFor(width: number, lines: number, most: number): number {
  const density = lines > CROWD ? 0.5 : lines > MANY ? 1.25 : 2;
  const pixels = (width - LEFT) * (window.devicePixelRatio || 1);
  return Math.min(most, Math.max(200, Math.ceil((density * pixels) / 50) * 50));
}

export const Card = memo(function Card(props: CardProps) {
  const { metric, section, board, onFull, onMove, onDrop } = props;
  const [place, width] = useSeen<HTMLElement>();
  const look = board.layout.cards[metric] ?? NONE;
  const view = viewOf(board, section, look);
  const drawn = useTraces(board, {
    metric,
    look,
    view,
    buckets: bucketsFor(width, board.ids.length, MOST_BUCKETS),
    enabled: width > 0 && board.isWhole,
  });
  const zoom = useZoom(board, metric, section);
  const hasOdd = useMemo(
    () => drawn.traces.some((one) => one.y.some((value) => !Number.isFinite(value))),
    [drawn.traces],
  );
  const title = [metric, ...(look.more ?? [])].join(", ");
  const move = (event: React.KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onMove(metric, by);
  };
  return (
    <article
      className="card"
      ref={place}
      aria-label={title}
      onDragOver={(event) => event.dataTransfer.types.includes(DRAGGED) && event.preventDefault()}
      onDrop={(event) => {
        const dragged = event.dataTransfer.getData(DRAGGED);
        if (dragged && dragged !== metric) onDrop(dragged, metric);
      }}
    >
      <header>
        <button
          type="button"
          className="grip"
          draggable
          aria-label={`Move ${metric}: arrow keys, or drag`}
          title="Drag, or use the arrow keys, to move"
          onKeyDown={move}
          onDragStart={(event) => event.dataTransfer.setData(DRAGGED, metric)}
        >
          <Icon name="grip" size={12} />
        </button>
        <h2 title={title}>
          {section && title.startsWith(`${section}/`) ? title.slice(section.length + 1) : title}
          {hasOdd ? <span className="quiet"> · has values that are not finite</span> : null}
        </h2>
        {view ? (
          <button type="button" className="plain" onClick={() => zoom(undefined, undefined)}>
            Show all
          </button>
        ) : null}
        <button
          type="button"
          className="tool"
          aria-label={`Full screen: ${metric}`}
          title="Full screen"
          onClick={() => onFull(metric)}
        >
          <Icon name="expand" size={14} />
        </button>
        <CardMenu
          metric={metric}
          board={board}
          drawn={drawn}
          view={view}
          onZoom={zoom}
          onMove={onMove}
        />
      </header>
      <CardBody metric={title} board={board} look={look} drawn={drawn} view={view} onZoom={zoom} />
    </article>
  );
});

const NONE: CardLook = {};
const DRAGGED = "application/x-chart";

interface BodyProps {
  metric: string;
  board: Board;
  look: CardLook;
  drawn: Drawn;
  view: Range | undefined;
  onZoom: (x: Range | undefined, y: Range | undefined) => void;
}

/** The chart itself, in a card or on the full screen. */
export function CardBody({ metric, board, look, drawn, view, onZoom }: BodyProps) {
  const { layout, crosshair, hovered, onHover } = board;
  const { traces, span, kind, axis, isReady, error } = drawn;
  // A run that one points at in the table is, where runs are drawn together, its group.
  const pointed =
    layout.area !== "none" && hovered !== undefined
      ? (board.groups?.get(hovered)?.name ?? hovered)
      : hovered;
  const [logX, logY] = [look.logX ?? layout.logX, look.logY ?? layout.logY];
  const [from, to] = view ?? span;
  const x = useMemo(() => scaleOf(from, to, logX), [from, to, logX]);
  const y = useMemo(() => {
    if (look.rangeY) return scaleOf(...look.rangeY, logY);
    const [low, high] = spanY(traces, [x.min, x.max], logY, layout.calm);
    return scaleOf(low, high, logY, AIR);
  }, [traces, x, logY, look.rangeY, layout.calm]);
  if (error && !isReady) return <p className="bad chart">{error.message}</p>;
  if (!isReady) return <div className="chart" />;
  if (traces.length === 0) {
    return <p className="quiet chart">No run that is shown has this metric.</p>;
  }
  if (span[0] === span[1] && !view && traces.every((one) => one.x.length === 1)) {
    return <Bars traces={traces} hovered={hovered} onHover={onHover} />;
  }
  const plot = (label: string, some: Trace[]) => (
    <Plot
      label={label}
      traces={some}
      x={x}
      y={y}
      kind={kind}
      axis={axis}
      crosshair={crosshair}
      hovered={pointed}
      onHover={onHover}
      onZoom={onZoom}
    />
  );
  if (layout.facet.length === 0) return <div className="chart">{plot(metric, traces)}</div>;
  const facets = [...new Set(traces.map((one) => one.facet ?? ""))].sort();
  return (
    <div className="facets">
      {facets.map((facet) => (
        <figure key={facet}>
          <figcaption title={facet}>{facet}</figcaption>
          <div className="chart">
            {plot(
              `${metric} ${facet}`,
              traces.filter((one) => one.facet === facet),
            )}
          </div>
        </figure>
      ))}
    </div>
  );
}
