// What a model is made of, and whether its files are those that were logged.
import type { ModelVersionEvidenceResponse } from "../../api/wire";
import { CopyButton } from "../../components/copy";
import { Icon } from "../../components/icons";
import { bytes } from "../../lib/format";
import type { Described } from "./mlmodel";

const DIGESTS: Record<string, [icon: "check" | "cross" | "clock", color: string, words: string]> = {
  verified: ["check", "var(--good)", "Verified: the files are those that were logged"],
  failed: ["cross", "var(--bad)", "Failed: the files are not those that were logged"],
  unknown: [
    "clock",
    "var(--quiet)",
    "Unknown: no list of digests was there when it was registered",
  ],
};

interface FileFactsProps {
  described: Described | undefined;
  evidence?: ModelVersionEvidenceResponse | undefined;
}

export function FileFacts({ described, evidence }: FileFactsProps) {
  const digest = DIGESTS[evidence?.digest_status ?? ""];
  if (!digest && !described) return null;
  return (
    <section>
      <h2>Files</h2>
      <table className="pairs">
        <tbody>
          {digest ? (
            <tr>
              <th scope="row">Digests</th>
              <td>
                <span className="status">
                  <span style={{ color: digest[1], display: "grid" }}>
                    <Icon name={digest[0]} size={14} />
                  </span>
                  {digest[2]}
                </span>
                {evidence?.fault ? <p className="bad">{evidence.fault}</p> : null}
              </td>
            </tr>
          ) : null}
          {evidence?.digest ? (
            <tr>
              <th scope="row">Digest of all</th>
              <td className="mono">
                <span title={evidence.digest}>{evidence.digest.slice(0, 16)}…</span>{" "}
                <CopyButton text={evidence.digest} label="the digest of all files" />
              </td>
            </tr>
          ) : null}
          {described ? (
            <>
              <tr>
                <th scope="row">Flavors</th>
                <td>{described.flavors.join(", ")}</td>
              </tr>
              {described.size ? (
                <tr>
                  <th scope="row">Size</th>
                  <td>{bytes(described.size)}</td>
                </tr>
              ) : null}
              {described.pythonVersion ? (
                <tr>
                  <th scope="row">Python</th>
                  <td>{described.pythonVersion}</td>
                </tr>
              ) : null}
              {described.madeBy ? (
                <tr>
                  <th scope="row">Logged with the interface of MLflow</th>
                  <td>{described.madeBy}</td>
                </tr>
              ) : null}
            </>
          ) : null}
        </tbody>
      </table>
    </section>
  );
}
