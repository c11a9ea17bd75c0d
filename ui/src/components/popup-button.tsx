// A button beside which something opens; what is in it is made when it opens.
import { type ReactNode, useState } from "react";
import { Popup } from "./popup";

interface PopupButtonProps {
  label: string; // of what opens
  text: ReactNode;
  isTool?: boolean; // a sign without words
  button?: string; // classes of the button
  popup?: string; // classes of what opens
  children: (close: () => void) => ReactNode;
}

export function PopupButton(props: PopupButtonProps) {
  const { label, text, isTool = false, button, popup = "", children } = props;
  const [anchor, setAnchor] = useState<HTMLElement>();
  const close = () => setAnchor(undefined);
  return (
    <>
      <button
        type="button"
        className={button ?? (isTool ? "tool" : "button")}
        aria-haspopup="dialog"
        aria-expanded={anchor !== undefined}
        {...(isTool ? { "aria-label": label, title: label } : {})}
        onClick={(event) => setAnchor(anchor ? undefined : event.currentTarget)}
      >
        {text}
      </button>
      {anchor ? (
        <Popup anchor={anchor} label={label} className={`form-popup ${popup}`} onClose={close}>
          {children(close)}
        </Popup>
      ) : null}
    </>
  );
}
