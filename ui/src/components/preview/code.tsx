// Text in the colours of its language.
import { useMemo } from "react";
import { highlight } from "../../lib/highlight";
import { Lines } from "./lines";

const COLOURED = 1_000_000; // characters beyond which colours would hold up the page

export function Code(props: { text: string; language: string; label: string; wraps?: boolean }) {
  const { text, language, label, wraps = false } = props;
  const lines = useMemo(
    () => highlight(text, text.length > COLOURED ? "" : language),
    [text, language],
  );
  return (
    <Lines
      label={label}
      count={lines.length}
      wraps={wraps}
      numbers={language !== "diff"}
      className="sunken"
      classOf={(at) => {
        const mark = language === "diff" ? lines[at]?.[0]?.[1] : undefined;
        return mark ? `line-${mark}` : "";
      }}
      line={(at) =>
        lines[at]?.map(([piece, mark], place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name
          <span key={place} className={mark ? `t-${mark}` : undefined}>
            {piece}
          </span>
        ))
      }
    />
  );
}
