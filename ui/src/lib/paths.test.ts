import { expect, it } from "vitest";
import { match } from "./paths";

it("matches patterns", () => {
  expect(match("/", "/")).toEqual({});
  expect(match("/models/:name", "/models/a%2Fb/")).toEqual({ name: "a/b" });
  expect(match("/models/:name", "/models/100%")).toEqual({ name: "100%" });
  expect(match("/models/:name", "/models")).toBeUndefined();
  expect(match("/models/:name", "/runs/a")).toBeUndefined();
});
