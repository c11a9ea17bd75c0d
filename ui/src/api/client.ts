// One typed call for every row of the endpoint table.
import { knownToServer, serverAnswered, serverLost } from "./connection";
import type { Operations } from "./wire";

type Row = Extract<keyof Operations, string>;

/** What the server said went wrong, or that it did not answer. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

// The page is at the root of the server, wherever a proxy puts that.
const ROOT = new URL(".", document.baseURI).pathname;

/** Return the address of a path of the server. */
export function address(path: string): string {
  return ROOT.replace(/\/$/, "") + path;
}

function query(fields: object): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) words.append(name, String(one));
    }
  }
  const text = words.toString();
  return text ? `?${text}` : "";
}

/** Ask the server for a row of its endpoint table. */
export async function call<R extends Row>(
  row: R,
  fields: Operations[R]["request"],
  signal?: AbortSignal,
): Promise<Operations[R]["response"]> {
  const [method = "GET", template = ""] = row.split(" ");
  const given: Record<string, unknown> = { ...fields };
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = encodeURIComponent(String(given[name]));
    delete given[name];
    return value;
  });
  const inQuery = method === "GET";
  const request: RequestInit = { method, ...(signal ? { signal } : {}) };
  if (!inQuery) {
    request.body = JSON.stringify(given);
    request.headers = { "content-type": "application/json" };
  }
  return (await ask(address(path) + (inQuery ? query(given) : ""), request)).json();
}

/** Fetch an address of the server; an answer that is no success is an error with a code. */
export async function ask(url: string, request?: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    serverLost(address("/health"));
    throw new ApiError("OFFLINE", "The server does not answer. Is it running?", 0);
  }
  serverAnswered();
  if (answer.ok) return answer;
  if (answer.status === 401) knownToServer(false);
  const said = await answer.text();
  let code = String(answer.status);
  let message = said.slice(0, 500) || answer.statusText;
  try {
    const body: { error_code?: string; message?: string } = JSON.parse(said);
    code = body.error_code ?? code;
    message = body.message ?? message;
  } catch {
    // No JSON: the text is the message.
  }
  throw new ApiError(code, message, answer.status);
}
