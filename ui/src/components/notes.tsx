// What a page says when it has nothing to show: empty, loading, failed.
import type { ReactNode } from "react";
import { ApiError } from "../api/client";

export function Note({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="note">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Failed({ error, again }: { error: Error; again?: () => void }) {
  const code = error instanceof ApiError ? error.code : error.name;
  const offline = code === "OFFLINE";
  return (
    <div className="note" role="alert">
      <h2>{offline ? "No connection" : "That did not work"}</h2>
      <p>{error.message}</p>
      {offline ? null : <p className="quiet mono">{code}</p>}
      {again ? (
        <button type="button" className="button" onClick={again}>
          Try again
        </button>
      ) : null}
    </div>
  );
}

export function Loading({ rows = 8 }: { rows?: number }) {
  return (
    <div className="padded" aria-busy="true">
      <span className="hidden-text">Loading</span>
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={at} className="skeleton" style={{ width: `${90 - ((at * 17) % 50)}%` }} />
      ))}
    </div>
  );
}
