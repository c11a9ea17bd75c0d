// The form that comes first on a server that asks who one is.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../api/client";
import { signIn } from "../api/session";
import { Question } from "./question";

export default function SignIn() {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  return (
    <main className="sign-in">
      <Question
        verb="Sign in"
        onAct={async () => {
          // What another user has seen here is forgotten.
          client.clear();
          await signIn(name, password).catch((failed: unknown) => {
            throw said(failed);
          });
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
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <p className="quiet">
          Names and passwords are in the file that the server was started with. Programs use{" "}
          <code>MLFLOW_TRACKING_USERNAME</code> and <code>MLFLOW_TRACKING_PASSWORD</code>.
        </p>
      </Question>
    </main>
  );
}

function said(failed: unknown): unknown {
  return failed instanceof ApiError && failed.status === 401
    ? new Error("This name and this password do not belong together.")
    : failed;
}
