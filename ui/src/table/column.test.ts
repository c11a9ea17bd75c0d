import { expect, it } from "vitest";
import { tracks } from "./column";

it("places what is on the screen", () => {
  const widths = [200, 50, 60, 70, 80, 90];
  expect(tracks(widths, 2, 3, 4).template).toBe("200px 50px 60px 70px 80px minmax(90px, 1fr)");
  expect(tracks(widths, 1, 1, 5).template).toBe("200px 0px 50px 60px 70px 80px minmax(90px, 1fr)");
  expect(tracks(widths, 3, 3, 3).lefts).toEqual([0, 200, 250]);
  expect(tracks([200], 1, 1, 0).template).toBe("minmax(200px, 1fr) 0px");
});
