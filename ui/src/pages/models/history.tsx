// Who moved which alias when, and what an alias meant at a time.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client";
import { useAliasAt } from "../../api/registry";
import type { RegistryMove } from "../../api/wire";
import { Ago } from "../../components/ago";

const PAGE = 50;

export function History({ name }: { name: string }) {
  const history = useInfiniteQuery({
    queryKey: ["history", name],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      call(
        "GET /api/headrace/registered-models/history",
        { name, max_results: PAGE, ...(pageParam ? { page_token: pageParam } : {}) },
        signal,
      ),
    getNextPageParam: (page) => page.next_page_token || undefined,
  });
  const moves = (history.data?.pages ?? []).flatMap((page) => page.moves ?? []);
  const aliases = [...new Set(moves.flatMap((move) => move.alias ?? []))].sort();
  const now = Date.now();
  return (
    <section>
      <h2>History</h2>
      {history.data && moves.length === 0 ? <p className="quiet">No alias was moved yet.</p> : null}
      {aliases.length > 0 ? <AsOf name={name} aliases={aliases} /> : null}
      <table className="pairs listing">
        <tbody>
          {moves.map((move) => (
            <tr key={`${move.time_ms} ${move.alias} ${move.version} ${move.stage}`}>
              <td>
                <Ago ms={move.time_ms} now={now} />
              </td>
              <td>{said(move)}</td>
              <td className="quiet">{move.user_id}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {history.hasNextPage ? (
        <button type="button" className="plain" onClick={() => history.fetchNextPage()}>
          Show more
        </button>
      ) : null}
    </section>
  );
}

function said({ alias, version, stage }: RegistryMove): string {
  if (stage) return `version ${version} went to ${stage}`;
  return version ? `@${alias} moved to version ${version}` : `@${alias} was removed`;
}

function AsOf({ name, aliases }: { name: string; aliases: string[] }) {
  const [alias, setAlias] = useState(aliases[0] ?? "");
  const [time, setTime] = useState("");
  const ms = time ? new Date(time).getTime() : undefined;
  const { data, error } = useAliasAt(name, alias, Number.isNaN(ms) ? undefined : ms);
  return (
    <div className="line as-of">
      <label className="line">
        What
        <select
          className="field"
          aria-label="Alias"
          value={alias}
          onChange={(event) => setAlias(event.target.value)}
        >
          {aliases.map((one) => (
            <option key={one} value={one}>
              @{one}
            </option>
          ))}
        </select>
      </label>
      <label className="line">
        meant at
        <input
          className="field"
          type="datetime-local"
          aria-label="Time"
          step="1"
          value={time}
          onChange={(event) => setTime(event.target.value)}
        />
      </label>
      <output>
        {error ? <span className="quiet">nothing then</span> : null}
        {data?.version && !error ? (
          <a href={`#/models/${encodeURIComponent(name)}/versions/${data.version}`}>
            version {data.version}
          </a>
        ) : null}
      </output>
    </div>
  );
}
