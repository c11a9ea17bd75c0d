// The form to try a model, once what it takes is known.
import { Copy } from "../../components/copy";
import { Loading, Note } from "../../components/notes";
import type { useMlmodel } from "./mlmodel";
import { TryIt } from "./try-it";

type Read = ReturnType<typeof useMlmodel>;

export function Trying({ read, uri }: { read: Read; uri: string }) {
  if (read.error) {
    return (
      <Note title="The MLmodel file cannot be read here">
        <p>{read.error.message}</p>
        <Copy text={`mlflow models serve -m ${uri}`} />
      </Note>
    );
  }
  if (!read.described) return <Loading />;
  return <TryIt uri={uri} signature={read.described.signature} example={read.example} />;
}
