// A part of a page that lights up for a moment when what it shows changes while one looks.
import { type ReactNode, useState } from "react";

const LIGHTS = ["flash", "flash again"]; // by turns: an animation begins anew under another name

interface FlashProps {
  of: string | number; // what is watched
  className?: string;
  title?: string | undefined;
  children: ReactNode;
}

export function Flash({ of, className = "", title, children }: FlashProps) {
  const [seen, see] = useState({ of, times: 0 });
  if (seen.of !== of) see({ of, times: seen.times + 1 });
  const light = seen.times > 0 ? LIGHTS[seen.times % 2] : "";
  return (
    <span className={`${className} ${light}`} title={title}>
      {children}
    </span>
  );
}
