import { expect, it } from "vitest";
import { hrefOf, listIn, parsePlace } from "./location";

it("reads paths and fields", () => {
  const place = parsePlace("#/experiments/1?filter=metrics.a+%3E+1&sort=");
  expect(place.path).toBe("/experiments/1");
  expect(place.fields.get("filter")).toBe("metrics.a > 1");
  expect(parsePlace("").path).toBe("/");
  expect(parsePlace("#experiments").path).toBe("/experiments");
});

it("writes what it reads, without empty fields", () => {
  const href = hrefOf("/experiments/1", { filter: "params.a = 'b & c'", sort: "", eye: undefined });
  expect(href).toBe("#/experiments/1?filter=params.a+%3D+%27b+%26+c%27");
  expect(parsePlace(href).fields.get("filter")).toBe("params.a = 'b & c'");
});

it("reads lists, and nothing from what is none", () => {
  expect(listIn('["a,b","c"]')).toEqual(["a,b", "c"]);
  for (const text of ["", "a", "{}", "[", "null"]) expect(listIn(text)).toEqual([]);
});
