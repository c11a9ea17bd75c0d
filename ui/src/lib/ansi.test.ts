import { expect, it } from "vitest";
import { plainText, Terminal } from "./ansi";

function shown(...writes: [stream: string, text: string][]): string[] {
  const terminal = new Terminal();
  for (const [stream, text] of writes) terminal.write(stream, text);
  return terminal.lines.map(plainText);
}

it("splits lines, and joins those that came in pieces", () => {
  expect(shown(["stdout", "one\ntw"], ["stdout", "o\n"])).toEqual(["one", "two", ""]);
});

it("keeps the streams apart", () => {
  expect(shown(["stdout", "a"], ["stderr", "b\n"], ["stdout", "c\n"])).toEqual(["ac", "b", "", ""]);
});

it("shows what a progress bar says last", () => {
  const bar = ["stderr", "\r 10%|#   |\r 50%|##  |\r100%|####| done\n"] as [string, string];
  expect(shown(bar)).toEqual(["100%|####| done", ""]);
  expect(shown(["stdout", "longer\rab"])).toEqual(["abnger"]);
  expect(shown(["stdout", "longer\r\u001b[Kab"])).toEqual(["ab"]);
  expect(shown(["stdout", "one\r\ntwo"])).toEqual(["one", "two"]);
});

it("moves up to bars above", () => {
  expect(shown(["stderr", "a 1\nb 1\u001b[A\ra 2\n\rb 2"])).toEqual(["a 2", "b 2"]);
});

it("colours", () => {
  const terminal = new Terminal();
  terminal.write(
    "stdout",
    "a\u001b[1;31mb\u001b[0mc\u001b[38;5;10md\u001b[38;2;255;0;0me\u001b[39mf",
  );
  expect(terminal.lines[0]?.spans).toEqual([
    ["a", {}],
    ["b", { bold: true, color: 1 }],
    ["c", {}],
    ["d", { color: 10 }],
    ["e", { color: 9 }],
    ["f", {}],
  ]);
});

it("leaves out what a page has no use for", () => {
  const hostile =
    "\u001b]0;title\u0007\u001b[?25lx\u001b[2J\u001b]8;;javascript:alert(1)\u001b\\y\u001b(B";
  expect(shown(["stdout", hostile])).toEqual(["xy"]);
});

it("takes no long time for what is made to take one", () => {
  const began = process.cpuUsage(); // not the clock: others use the machine too
  shown(["stdout", "\u001b]".repeat(20_000)]);
  shown(["stdout", "\u001b[9999999C.\r".repeat(2_000)]);
  shown(["stdout", "\rx\u001b[31my".repeat(20_000)]);
  shown(["stdout", "\u001b[9999A".repeat(20_000)]);
  shown(["stdout", "x\n".repeat(500_000)]);
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(4000);
}, 60_000);
