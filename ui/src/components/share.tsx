// The view as a link to give away: every address shows what its page shows.
import { copyText } from "../lib/clipboard";
import { Icon } from "./icons";
import { say, sayError } from "./toast";

/** Copy the address of what is shown. */
export async function share(): Promise<void> {
  if (await copyText(window.location.href)) say("The link to this view is on the clipboard.");
  else sayError("The browser does not let pages copy here. The address bar has the link.");
}

export function Share() {
  return (
    <button
      type="button"
      className="button icon"
      aria-label="Copy a link to this view"
      title="Copy a link to this view"
      onClick={share}
    >
      <Icon name="link" size={16} />
      <span className="more-text">Copy the link</span>
    </button>
  );
}
