// The form that comes first on a server that asks who one is.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../api/client";
import { signIn } from "../api/session";

export default function SignIn() {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  return (
    <main className="sign-in">
      <form
        className="dialog"
        onSubmit={async (event) => {
          event.preventDefault();
          setBusy(true);
          try {
            // What another user has seen here is forgotten.
            client.clear();
            await signIn(name, password);
          } catch (failed) {
            setError(said(failed));
            setBusy(false);
          }
        }}
      >
        <h1>Sign in to Headrace</h1>
        <label>
          Name
          <input
            className="field"
            // biome-ignore lint/a11y/noAutofocus: there is nothing else
            autoFocus
            required
            autoComplete="username"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label>
          Password
          <input
            className="field"
            type="password"
            required
            autoComplete="current-password"
            value={password}
            onChange={(event) => {
              setPassword(event.target.value);
              setError("");
            }}
          />
        </label>
        {error ? (
          <p className="bad" role="alert">
            {error}
          </p>
        ) : null}
        <div className="line">
          <button type="submit" className="button main" disabled={busy}>
            Sign in
          </button>
        </div>
        <p className="quiet">
          Names and passwords are in the file that the server was started with. Programs use{" "}
          <code>MLFLOW_TRACKING_USERNAME</code> and <code>MLFLOW_TRACKING_PASSWORD</code>.
        </p>
      </form>
    </main>
  );
}

function said(failed: unknown): string {
  if (failed instanceof ApiError && failed.status === 401) {
    return "This name and this password do not belong together.";
  }
  return failed instanceof Error ? failed.message : String(failed);
}
