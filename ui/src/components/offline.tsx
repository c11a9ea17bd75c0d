// A bar while the server does not answer: what was fetched stays, and is asked for anew when it is back.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { address, ask } from "../api/client";
import { tryAgain, useConnection } from "../api/connection";

const PULSE = 20_000; // milliseconds between questions while a page is looked at

export function Offline() {
  const isThere = useConnection();
  const client = useQueryClient();
  const was = useRef(isThere);
  useEffect(() => {
    if (isThere && !was.current) void client.invalidateQueries();
    was.current = isThere;
  }, [isThere, client]);
  useEffect(() => {
    const look = () => {
      if (!document.hidden) ask(address("/health")).catch(() => undefined);
    };
    const timer = window.setInterval(look, PULSE);
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => {
      window.clearInterval(timer);
      window.removeEventListener("online", look);
      window.removeEventListener("offline", look);
    };
  }, []);
  if (isThere) return null;
  return (
    <div className="offline" role="alert">
      <span>
        The server does not answer. What is shown stays; the page goes on by itself when it is back.
      </span>
      <button type="button" className="plain" onClick={tryAgain}>
        Try now
      </button>
    </div>
  );
}
