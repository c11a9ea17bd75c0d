import { expect, it } from "vitest";
import { windowAt } from "./window";

const WIDTHS = [200, ...new Array(50).fill(100)];
const at = (top: number, left: number) =>
  windowAt({ top, left, height: 280, width: 600 }, 28, 1000, WIDTHS, 1);

it("has what is on the screen and a little more", () => {
  expect(at(0, 0)).toEqual({ top: 0, end: 20, first: 1, last: 6 });
  const far = at(2800, 1000);
  expect(far.top).toBeLessThanOrEqual(92);
  expect(far.end).toBeGreaterThanOrEqual(118);
  expect(far.first).toBeLessThanOrEqual(10);
  expect(far.last).toBeGreaterThanOrEqual(15);
  expect(far.last - far.first).toBeLessThan(10);
});

it("changes by steps, and ends where the table does", () => {
  expect(at(2800, 0)).toEqual(at(2820, 0));
  expect(at(27_900, 4900)).toMatchObject({ end: 1000, last: 50 });
  expect(windowAt({ top: 0, left: 0, height: 280, width: 600 }, 28, 3, [200], 1)).toMatchObject({
    end: 3,
    first: 1,
    last: 0,
  });
});
