// What a bar has room for on a desk; on a phone it stands behind one button.
import { type ReactNode, useId } from "react";
import { Icon } from "./icons";

export function More({ children }: { children: ReactNode }) {
  const id = useId();
  return (
    <>
      <button
        type="button"
        className="button icon narrow"
        aria-label="More"
        aria-haspopup="dialog"
        popoverTarget={id}
      >
        <Icon name="more" size={16} />
      </button>
      {/* The same elements in both places: on a desk the layer is no box at all. */}
      <div id={id} popover="auto" className="more">
        {children}
      </div>
    </>
  );
}
