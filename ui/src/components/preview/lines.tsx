// Lines of text, as many as there are: only those on the screen are in the document.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";

const HEIGHT = 18; // pixels of a line that does not wrap

export interface LinesProps {
  label: string;
  count: number;
  line: (at: number) => ReactNode;
  classOf?: (at: number) => string;
  wraps?: boolean;
  numbers?: boolean;
  firstNumber?: number;
  showLine?: number | undefined; // brought into sight when it changes
  follows?: boolean; // stays at the end
  onLeaveEnd?: (away: boolean) => void;
  className?: string;
}

export function Lines(props: LinesProps) {
  const { label, count, line, classOf, wraps = false, numbers = false, firstNumber = 1 } = props;
  const { showLine, follows = false, onLeaveEnd, className = "" } = props;
  const place = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => place.current,
    estimateSize: () => HEIGHT,
    overscan: 20,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines are measured anew
  useEffect(() => virtual.measure(), [wraps]);
  useEffect(() => {
    if (showLine !== undefined) virtual.scrollToIndex(showLine, { align: "center" });
  }, [showLine, virtual]);
  useEffect(() => {
    if (follows && count > 0) virtual.scrollToIndex(count - 1, { align: "end" });
  }, [follows, count, virtual]);
  const digits = String(firstNumber + count).length;
  return (
    <section
      ref={place}
      className={`lines ${wraps ? "wraps" : ""} ${className}`}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: long texts are scrolled by keys
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
        onLeaveEnd?.(scrollHeight - scrollTop - clientHeight > 2 * HEIGHT)
      }
    >
      <div className="lines-inner" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            data-index={item.index}
            ref={wraps ? virtual.measureElement : undefined}
            className={`text-line ${classOf?.(item.index) ?? ""}`}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {numbers ? (
              <span className="line-number" style={{ width: `${digits + 2}ch` }}>
                {firstNumber + item.index}
              </span>
            ) : null}
            <span className="line-text">{line(item.index)}</span>
          </div>
        ))}
      </div>
    </section>
  );
}
