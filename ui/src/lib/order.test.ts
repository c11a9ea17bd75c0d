import { expect, it } from "vitest";
import { clicked, orderText, parseOrder, reordered } from "./order";

it("reads what it writes", () => {
  const text =
    "metrics.loss DESC, params.`a, b` ASC, min:metrics.`a, ``b` DESC, attributes.duration ASC";
  expect(orderText(parseOrder(text))).toBe(text);
  expect(parseOrder("metrics.loss")).toEqual([{ id: "metrics.loss", descending: false }]);
  expect(parseOrder("")).toEqual([]);
});

it("goes round with clicks", () => {
  let keys = clicked([], "a", false);
  expect(orderText(keys)).toBe("a DESC");
  keys = clicked(keys, "b", true);
  expect(orderText(keys)).toBe("a DESC, b DESC");
  keys = clicked(keys, "a", true);
  expect(orderText(keys)).toBe("a ASC, b DESC");
  keys = clicked(keys, "a", true);
  expect(orderText(keys)).toBe("b DESC");
  expect(orderText(clicked(keys, "c", false))).toBe("c DESC");
  expect(clicked(clicked([{ id: "c", descending: true }], "c", false), "c", false)).toEqual([]);
});

it("follows a column that shows something else", () => {
  const keys = parseOrder("metrics.a DESC, params.b ASC, max:metrics.a ASC");
  expect(orderText(reordered(keys, "metrics.a", "min:metrics.a"))).toBe(
    "min:metrics.a DESC, params.b ASC, max:metrics.a ASC",
  );
  expect(orderText(reordered(keys, "metrics.a", "max:metrics.a"))).toBe(
    "max:metrics.a DESC, params.b ASC",
  );
  expect(reordered(keys, "metrics.c", "min:metrics.c")).toEqual(keys);
});
