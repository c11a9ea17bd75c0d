// A question or a form above the page: the browser's own dialog, which keeps and gives back the focus.
import { type ReactNode, useEffect, useRef } from "react";

interface DialogProps {
  label: string;
  open: boolean;
  onClose: () => void;
  className?: string;
  children: ReactNode; // made anew each time it opens
}

export function Dialog({ label, open, onClose, className, children }: DialogProps) {
  const place = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = place.current;
    if (open && dialog && !dialog.open) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>("[data-first]")?.focus();
    }
    if (!open) dialog?.close();
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it too
    <dialog
      ref={place}
      aria-label={label}
      className={className}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === place.current) onClose();
      }}
    >
      {open ? children : null}
    </dialog>
  );
}
