// What narrows the lines of a comparison down, and takes them along.
import { Search } from "../../components/search";
import { say, sayError } from "../../components/toast";
import { copyText } from "../../lib/clipboard";
import { type Line, markdownOf } from "../../lib/compare";
import { count } from "../../lib/format";
import type { Row } from "../../lib/runset";
import { useField } from "../../state/location";

interface ToolsProps {
  rows: Row[];
  shown: Line[];
  total: number;
}

export function Tools({ rows, shown, total }: ToolsProps) {
  const [all, setAll] = useField("all");
  const [find, setFind] = useField("find");
  const copy = async () => {
    const text = markdownOf(
      shown,
      rows.map((row) => row.name),
    );
    if (await copyText(text)) say(`${count(shown.length, "line")} are on the clipboard.`);
    else sayError("The browser does not let pages copy here.");
  };
  return (
    <div className="line">
      <Search what="Find keys and values" value={find} onChange={setFind} />
      <button
        type="button"
        className="button"
        aria-pressed={all !== "1"}
        onClick={() => setAll(all === "1" ? "" : "1")}
      >
        Differences only
      </button>
      <button type="button" className="button" onClick={copy}>
        Copy as Markdown
      </button>
      <span className="quiet" role="status">
        {count(shown.length, "line")} of {total.toLocaleString("en")}
      </span>
    </div>
  );
}
