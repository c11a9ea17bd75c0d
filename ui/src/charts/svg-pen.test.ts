import { expect, it } from "vitest";
import { SvgPen } from "./svg-pen";

it("writes what is drawn, closes what it opens, and quotes every text", () => {
  const pen = new SvgPen(10, 20);
  pen.save();
  pen.translate(0, 5);
  pen.beginPath();
  pen.rect(0, 0, 10, 10);
  pen.clip();
  pen.strokeStyle = "#123";
  pen.beginPath();
  pen.moveTo(1, 2);
  pen.lineTo(3.1462, 4);
  pen.stroke();
  pen.restore();
  pen.fillStyle = '"><script>';
  pen.fillText("<script>alert(1)</script>", 1, 1);
  const found = pen.toString();
  expect(found).toContain('d="M1 2L3.15 4"');
  expect(found.split("<g").length).toBe(found.split("</g>").length);
  expect(found).not.toContain("<script");
  expect(found.startsWith('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"')).toBe(
    true,
  );
});
