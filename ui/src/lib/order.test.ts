import { expect, it } from "vitest";
import { clicked, orderText, parseOrder } from "./order";

it("reads what it writes", () => {
  const text = "metrics.loss DESC, params.`a, b` ASC";
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
