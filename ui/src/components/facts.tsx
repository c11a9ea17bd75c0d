// What was logged, key by key: as much at once as one can read.
import { type ReactNode, useState } from "react";

const STEP = 50; // rows that are drawn, and drawn more

interface FactsProps<T> {
  title: string;
  all: T[];
  found?: T[]; // those that a search leaves
  empty: ReactNode;
  head?: string[];
  first?: number; // rows that are drawn before one asks for more
  row: (one: T) => ReactNode;
  children?: ReactNode;
}

/** A section of facts: hidden while a search finds nothing in it. */
export function Facts<T>({
  title,
  all,
  found = all,
  empty,
  head,
  first = STEP,
  row,
  children,
}: FactsProps<T>) {
  const [most, setMost] = useState(first);
  if (all.length > 0 && found.length === 0) return null;
  return (
    <section>
      <h2>
        {title}{" "}
        <span className="quiet">
          {found.length === all.length ? all.length || "" : `${found.length} of ${all.length}`}
        </span>
      </h2>
      {all.length === 0 ? <div className="quiet">{empty}</div> : null}
      {found.length > 0 ? (
        <table className="pairs">
          {head ? (
            <thead>
              <tr>
                {head.map((one, at) => (
                  <th key={one} scope="col" className={at > 0 ? "number" : undefined}>
                    {one}
                  </th>
                ))}
              </tr>
            </thead>
          ) : null}
          <tbody>{found.slice(0, most).map(row)}</tbody>
        </table>
      ) : null}
      {found.length > most ? (
        <button type="button" className="plain" onClick={() => setMost(most + 5 * STEP)}>
          Show {Math.min(5 * STEP, found.length - most)} more of {found.length}
        </button>
      ) : null}
      {children}
    </section>
  );
}

/** A value that may be long: its beginning, all of it on a click. */
export function Value({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  if (text === "") return <span className="quiet">empty</span>;
  if (text.length < 300 || open) return <span className="whole">{text}</span>;
  return (
    <>
      {text.slice(0, 250)}…{" "}
      <button type="button" className="plain" onClick={() => setOpen(true)}>
        All {text.length.toLocaleString("en")} characters
      </button>
    </>
  );
}

/** A key and what it says. */
export function Pair({ name, value, span }: { name: string; value: string; span?: number }) {
  return (
    <tr>
      <th scope="row" className="mono">
        {name}
      </th>
      <td className="mono" colSpan={span}>
        <Value text={value} />
      </td>
    </tr>
  );
}
