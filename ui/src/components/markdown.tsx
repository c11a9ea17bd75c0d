// Markdown as elements: no HTML of the text's own, and nothing is loaded from anywhere.
import { Fragment, type ReactNode, useMemo } from "react";
import { highlight } from "../lib/highlight";
import { type Block, type Inline, parseMarkdown } from "../lib/markdown";

export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  // The page has the first heading; those of a text come below, none more than one step down.
  let before = 1;
  return (
    <div className="markdown">
      {blocks.map((one, at) => {
        if (one.kind !== "heading") return block(one, at);
        before = Math.min(6, one.level + 1, before + 1);
        return heading(one.parts, one.level, before, at);
      })}
    </div>
  );
}

function heading(parts: Inline[], size: number, level: number, at: number): ReactNode {
  const Heading = `h${level}` as "h2";
  return (
    <Heading key={at} className={`size${size}`}>
      {parts.map(inline)}
    </Heading>
  );
}

function block(one: Block, at: number): ReactNode {
  switch (one.kind) {
    case "heading":
      return heading(one.parts, one.level, 6, at);
    case "paragraph":
      return <p key={at}>{one.parts.map(inline)}</p>;
    case "code":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keys
        <pre key={at} className="code" tabIndex={0}>
          {highlight(one.text, one.language).map((line, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
            <Fragment key={number}>
              {line.map(([piece, mark], place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: nor have pieces
                <span key={place} className={mark ? `t-${mark}` : undefined}>
                  {piece}
                </span>
              ))}
              {"\n"}
            </Fragment>
          ))}
        </pre>
      );
    case "quote":
      return <blockquote key={at}>{one.blocks.map(block)}</blockquote>;
    case "list": {
      const items = one.items.map((item, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no other name
        <li key={place}>
          {item.done === undefined ? null : (
            <input type="checkbox" checked={item.done} disabled aria-label="Task" />
          )}
          {item.blocks.map((inner, number) =>
            // What stands alone in an item needs no paragraph around it.
            inner.kind === "paragraph" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no other name
              <Fragment key={number}>{inner.parts.map(inline)} </Fragment>
            ) : (
              block(inner, number)
            ),
          )}
        </li>
      ));
      return one.start === undefined ? (
        <ul key={at}>{items}</ul>
      ) : (
        <ol key={at} start={one.start}>
          {items}
        </ol>
      );
    }
    case "table":
      return (
        <div key={at} className="scroll">
          <table>
            <thead>
              <tr>
                {one.head.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns may share a name
                  <th key={column} scope="col" style={{ textAlign: one.align[column] }}>
                    {cell.map(inline)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {one.rows.map((row, number) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name
                <tr key={number}>
                  {row.map((cell, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    <td key={column} style={{ textAlign: one.align[column] }}>
                      {cell.map(inline)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    default:
      return <hr key={at} />;
  }
}

function inline(part: Inline, at: number): ReactNode {
  if (typeof part === "string") return part;
  switch (part.kind) {
    case "strong":
      return <strong key={at}>{part.parts.map(inline)}</strong>;
    case "em":
      return <em key={at}>{part.parts.map(inline)}</em>;
    case "strike":
      return <s key={at}>{part.parts.map(inline)}</s>;
    case "code":
      return <code key={at}>{part.text}</code>;
    case "break":
      return <br key={at} />;
    case "link":
      return (
        <a key={at} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {part.parts.map(inline)}
        </a>
      );
    default:
      // A picture of another host would tell it who reads: its address is a link.
      return (
        <a key={at} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {part.text || "picture"} ↗
        </a>
      );
  }
}
