import { expect, it } from "vitest";
import { type Block, type Inline, parseInline, parseMarkdown, safeHref } from "./markdown";

it("reads headings, paragraphs, code and rules", () => {
  const blocks = parseMarkdown("# One #\n\ntwo\nlines\n```py\nx = '#'\n```\n---\n> said");
  expect(blocks).toEqual([
    { kind: "heading", level: 1, parts: ["One"] },
    { kind: "paragraph", parts: ["two\nlines"] },
    { kind: "code", language: "py", text: "x = '#'" },
    { kind: "rule" },
    { kind: "quote", blocks: [{ kind: "paragraph", parts: ["said"] }] },
  ]);
});

it("reads lists in lists, numbers and tasks", () => {
  const [list, numbers] = parseMarkdown("- a\n  - b\n- [x] c\n\n3. d\n4. e");
  expect(list).toMatchObject({ kind: "list", start: undefined });
  const items = list?.kind === "list" ? list.items : [];
  expect(items[0]?.blocks[1]).toMatchObject({ kind: "list" });
  expect(items[1]).toMatchObject({ done: true });
  expect(numbers).toMatchObject({ kind: "list", start: 3 });
});

it("reads tables", () => {
  expect(parseMarkdown("| a | b |\n|:--|--:|\n| 1 | `x` |\nend")).toEqual([
    {
      kind: "table",
      align: ["left", "right"],
      head: [["a"], ["b"]],
      rows: [[["1"], [{ kind: "code", text: "x" }]]],
    },
    { kind: "paragraph", parts: ["end"] },
  ]);
});

it("reads emphasis and leaves names alone", () => {
  expect(parseInline("a **b *c* d** e_f_g 2 * 3 * 4 \\*x\\*")).toEqual([
    "a ",
    { kind: "strong", parts: ["b ", { kind: "em", parts: ["c"] }, " d"] },
    " e_f_g 2 * 3 * 4 *x*",
  ]);
});

it("links lead to http and https only", () => {
  expect(safeHref("javascript:alert(1)")).toBeUndefined();
  expect(safeHref("data:text/html,x")).toBeUndefined();
  expect(safeHref("/relative")).toBeUndefined();
  expect(parseInline("[x](javascript:alert)")).toEqual(["[x](javascript:alert)"]);
  expect(parseInline("see https://a.b/c.")).toEqual([
    "see ",
    { kind: "link", href: "https://a.b/c", parts: ["https://a.b/c"] },
    ".",
  ]);
});

it("keeps HTML as text", () => {
  const hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>";
  expect(parseMarkdown(hostile)).toEqual([{ kind: "paragraph", parts: [hostile] }]);
});

it("takes no long time for what is made to take one", () => {
  const began = process.cpuUsage(); // not the clock: others use the machine too
  const ugly = [
    "[".repeat(50_000),
    "**a ".repeat(30_000),
    "`".repeat(50_001),
    `${"> ".repeat(5000)}x`,
    `${"- ".repeat(5000)}x`,
    "![](".repeat(20_000),
    `${" ".repeat(50_000)}x`,
    "|-".repeat(30_000),
    "* * ".repeat(20_000),
  ];
  for (const text of ugly) parseMarkdown(text);
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(3000);
}, 60_000);

it("makes nothing but what it says it makes", () => {
  const seen = new Set<string>();
  const look = (parts: (Inline | Block)[]) => {
    for (const part of parts) {
      if (typeof part === "string") continue;
      seen.add(part.kind);
      if ("href" in part) expect(part.href).toMatch(/^https?:/);
      if ("parts" in part) look(part.parts);
      if ("blocks" in part) look(part.blocks);
    }
  };
  look(parseMarkdown("![a](https://x.y/z.png) [b](vbscript:x) ~~c~~ <https://x.y>"));
  expect([...seen].sort()).toEqual(["image", "link", "paragraph", "strike"]);
});
