import { expect, it } from "vitest";
import { evaluationOf } from "./evaluation";

it("finds what evaluations leave", () => {
  const paths = ["eval_results_table.json", "val_confusion_matrix.png", "photo.png", "a/lift.png"];
  const tag = '[{"path": "logged.json", "type": "table"}]';
  expect(evaluationOf(tag, paths)).toEqual({
    tables: ["logged.json", "eval_results_table.json"],
    pictures: ["val_confusion_matrix.png"],
  });
  expect(evaluationOf("", ["photo.png"])).toEqual({ tables: [], pictures: [] });
});
