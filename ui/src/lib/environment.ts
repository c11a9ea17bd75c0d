// What a run kept of its environment: the document environment.json.

export interface Environment {
  python: string;
  platform: string;
  executable: string;
  command: string[];
  packages: [name: string, version: string][];
  git: Git | undefined;
}

interface Git {
  commit: string;
  branch: string;
  repository: string;
  dirty: boolean;
  complete: boolean; // whether the diff holds all that was not committed
  leftOut: string[];
}

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Return what a document says of an environment; undefined where it is no such document. */
export function environmentOf(document: string | undefined): Environment | undefined {
  if (!document) return undefined;
  let found: Fields;
  try {
    found = fieldsOf(JSON.parse(document));
  } catch {
    return undefined;
  }
  const python = fieldsOf(found["python"]);
  const platform = fieldsOf(found["platform"]);
  const parts = ["system", "release", "machine"].map((name) => text(platform[name]));
  return {
    python: [text(python["implementation"]), text(python["version"])].filter(Boolean).join(" "),
    executable: text(python["executable"]),
    platform: parts.filter(Boolean).join(" "),
    command: texts(found["command"]),
    packages: texts(found["packages"]).map((one) => {
      const at = one.indexOf("==");
      return at < 0 ? [one, ""] : [one.slice(0, at), one.slice(at + 2)];
    }),
    git: found["git"] ? gitOf(fieldsOf(found["git"])) : undefined,
  };
}

function gitOf(git: Fields): Git {
  return {
    commit: text(git["commit"]),
    branch: text(git["branch"]),
    repository: text(git["repository"]),
    dirty: git["dirty"] === true,
    complete: git["diff_complete"] !== false,
    leftOut: texts(git["diff_left_out"]),
  };
}

/** Return a command as a shell takes it. */
export function commandLine(words: string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}
