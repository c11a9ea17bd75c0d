import { expect, it } from "vitest";
import { commandLine, environmentOf } from "./environment";

it("reads what a client wrote", () => {
  const found = environmentOf(
    JSON.stringify({
      python: { version: "3.12.1", implementation: "CPython", executable: "/x" },
      platform: { system: "Linux", release: "6.1", machine: "x86_64" },
      command: ["python", "train.py", "--name", "a b"],
      packages: ["numpy==2.0", "odd"],
      git: { commit: "abc", branch: "main", dirty: true, diff_complete: false },
    }),
  );
  expect(found?.python).toBe("CPython 3.12.1");
  expect(found?.platform).toBe("Linux 6.1 x86_64");
  expect(found?.packages).toEqual([
    ["numpy", "2.0"],
    ["odd", ""],
  ]);
  expect(found?.git).toMatchObject({ dirty: true, complete: false, leftOut: [] });
});

it("takes any document without a fault", () => {
  for (const text of ["", "{", "[]", "null", "3", '{"python": 3, "packages": {}, "git": "x"}']) {
    expect(() => environmentOf(text)).not.toThrow();
  }
  expect(environmentOf("{")).toBeUndefined();
});

it("quotes what a shell would split", () => {
  expect(commandLine(["python", "a b", "it's"])).toBe("python 'a b' 'it'\\''s'");
});
