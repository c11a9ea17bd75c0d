// What an evaluation leaves among the files of a run, by the names that evaluations give.
import { kindOf, nameOf } from "./kinds";
import { loggedTables } from "./tables";

export interface Evaluation {
  tables: string[];
  pictures: string[];
}

const TABLE = /(?:eval_results_table\.json|per_class_metrics\.csv)$/;
const PICTURE =
  /(?:confusion_matrix|(?:roc|calibration|precision_recall|lift)_curve_plot|shap_\w+)\.png$/;

/** Return the tables and pictures of evaluations: those that a run names, and those in its root. */
export function evaluationOf(tag: string, paths: string[]): Evaluation {
  const root = paths.filter((path) => path === nameOf(path));
  const tables = root.filter((path) => TABLE.test(path));
  const pictures = root.filter((path) => kindOf(path) === "image" && PICTURE.test(path));
  return { tables: [...new Set([...loggedTables(tag), ...tables])], pictures };
}
