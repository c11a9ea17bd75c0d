// Copying: a button, and a piece of code with one.
import { useEffect, useState } from "react";
import { copyText } from "../lib/clipboard";

const SHOWN = 2000; // milliseconds in which the button says what it did

interface CopyButtonProps {
  text: string;
  label?: string; // what is copied, for those who hear the page
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const [said, say] = useState<string>();
  useEffect(() => {
    if (!said) return;
    const timer = window.setTimeout(() => say(undefined), SHOWN);
    return () => window.clearTimeout(timer);
  }, [said]);
  return (
    <button
      type="button"
      className="plain"
      aria-label={label ? `${said ?? "Copy"} ${label}` : undefined}
      onClick={async () => say((await copyText(text)) ? "Copied" : "Not allowed")}
    >
      {said ?? "Copy"}
    </button>
  );
}

export function Copy({ text }: { text: string }) {
  return (
    <span className="line">
      <code>{text}</code>
      <CopyButton text={text} />
    </span>
  );
}
