// What the MLmodel file of a model says, and its saved request.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { textQuery } from "../../api/registry";
import { at, parseMlmodel, textAt, type Yaml } from "../../lib/mlmodel";
import { type Signature, specsIn } from "../../lib/signature";

export interface Described {
  signature: Signature;
  flavors: string[];
  size: number | undefined;
  madeBy: string | undefined; // the version of the program's library
  example: string | undefined; // the path of a request that was saved
  pythonVersion: string | undefined;
}

function described(read: Map<string, Yaml>): Described {
  const flavors = at(read, "flavors");
  const size = Number(textAt(read, "model_size_bytes"));
  const schema = (part: string) => specsIn(textAt(read, "signature", part));
  return {
    signature: { inputs: schema("inputs"), outputs: schema("outputs"), params: schema("params") },
    flavors: flavors instanceof Map ? [...flavors.keys()] : [],
    size: Number.isFinite(size) && size > 0 ? size : undefined,
    madeBy: textAt(read, "mlflow_version"),
    example: textAt(read, "saved_input_example_info", "serving_input_path") || undefined,
    pythonVersion: textAt(read, "flavors", "python_function", "python_version"),
  };
}

/** What the file of a model says; undefined where it is not there. */
export function useMlmodel(fileAt: (path: string) => string) {
  const { data, error } = useQuery(textQuery(fileAt("MLmodel")));
  const found = useMemo(
    () => (data === undefined ? undefined : described(parseMlmodel(data))),
    [data],
  );
  const { data: example } = useQuery({
    ...textQuery(fileAt(found?.example ?? "")),
    enabled: found?.example !== undefined,
  });
  return { described: found, example, error };
}
