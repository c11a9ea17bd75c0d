// Who one is on a server that asks for names and passwords. The session is in a cookie that no script reads.
import { queryOptions } from "@tanstack/react-query";
import { address, ask } from "./client";
import { knownToServer } from "./connection";

const SESSION = "/api/headrace/session";

interface About {
  user: string;
  accounts: boolean;
  has_session: boolean;
  database: string;
}

/** Who one is, and what the server runs on. */
export const aboutQuery = queryOptions({
  queryKey: ["about"],
  queryFn: async ({ signal }): Promise<About> => (await ask(address(SESSION), { signal })).json(),
});

/** Sign in; an error says what was wrong. */
export async function signIn(username: string, password: string): Promise<void> {
  await ask(address(SESSION), {
    method: "POST",
    body: JSON.stringify({ username, password }),
    headers: { "content-type": "application/json" },
  });
  knownToServer(true);
}

/** Sign out: the cookie goes. */
export async function signOut(): Promise<void> {
  await ask(address(SESSION), { method: "DELETE" });
  knownToServer(false);
}
