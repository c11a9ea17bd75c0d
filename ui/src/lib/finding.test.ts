import { expect, it } from "vitest";
import { finder, withTag } from "./finding";

const vision = {
  name: "Vision/Digits",
  tags: [
    { key: "team", value: "Deep Blue" },
    { key: "mlflow.note.content", value: "secret words" },
  ],
};

function finds(sought: string): boolean {
  return finder(sought)(vision);
}

it("finds words in names and in tags, in any case", () => {
  for (const sought of ["", "digits", "vision dig", "blue", "VISION blue", "team"]) {
    expect(finds(sought)).toBe(true);
  }
  for (const sought of ["text", "vision text", "secret"]) expect(finds(sought)).toBe(false);
});

it("finds one tag by key and value", () => {
  for (const sought of ['team:"deep blue"', "team:deep", "vision team:deep", 'team:""', "team:"]) {
    expect(finds(sought)).toBe(true);
  }
  for (const sought of ["team:blue", "owner:deep", 'team:"deep blues"']) {
    expect(finds(sought)).toBe(false);
  }
  expect(finder("a:b")({ name: "x a:b y", tags: [] })).toBe(true);
  expect(finds('team:"deep')).toBe(true);
});

it("adds a tag's term and takes it away", () => {
  const once = withTag("vision", "team", "Deep Blue");
  expect(once).toBe('vision team:"Deep Blue"');
  expect(finds(once)).toBe(true);
  expect(withTag(once, "team", "Deep Blue")).toBe("vision");
  expect(withTag("", "k", "v")).toBe("k:v");
});
