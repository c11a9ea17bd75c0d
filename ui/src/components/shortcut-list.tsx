// The keys of the pages, in a dialog and among the settings.
import { Fragment } from "react";
import { SHORTCUTS } from "../lib/shortcuts";

export function ShortcutList() {
  return (
    <div className="facts">
      {SHORTCUTS.map(([where, list]) => (
        <section key={where}>
          <h3>{where}</h3>
          <table className="pairs">
            <tbody>
              {list.map(({ keys, what }) => (
                <tr key={keys}>
                  <th scope="row">
                    <Keys text={keys} />
                  </th>
                  <td>{what}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </div>
  );
}

function Keys({ text }: { text: string }) {
  return text.split(" ").map((word, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: words of one text
    <Fragment key={at}>{word === "or" ? " or " : <kbd>{word}</kbd>}</Fragment>
  ));
}
