// The line between table and charts, moved by the pointer or by keys.
import { type PointerEvent, useRef } from "react";

const NEAREST = 15; // percent of the width to an edge
const STEP = 5;

interface DividerProps {
  value: number; // percent of the table
  onChange: (value: number, isDone: boolean) => void;
}

const within = (value: number) => Math.round(Math.min(100 - NEAREST, Math.max(NEAREST, value)));

export function Divider({ value, onChange }: DividerProps) {
  const isMoving = useRef(false);
  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    return box ? within(((event.clientX - box.left) / box.width) * 100) : value;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that moves is no <hr>
    <div
      className="divider"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the table"
      aria-valuenow={value}
      aria-valuemin={NEAREST}
      aria-valuemax={100 - NEAREST}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        isMoving.current = true;
      }}
      onPointerMove={(event) => {
        if (isMoving.current) onChange(at(event), false);
      }}
      onPointerUp={(event) => {
        if (isMoving.current) onChange(at(event), true);
        isMoving.current = false;
      }}
      onKeyDown={(event) => {
        const step = event.key === "ArrowLeft" ? -STEP : event.key === "ArrowRight" ? STEP : 0;
        if (step === 0) return;
        event.preventDefault();
        onChange(within(value + step), true);
      }}
    />
  );
}
