// How the pages look, and what this server is.
import { useQuery } from "@tanstack/react-query";
import { address, ask } from "../api/client";
import { aboutQuery, signOut } from "../api/session";
import { Page } from "../components/frame";
import { ShortcutList } from "../components/shortcut-list";
import { changeSettings, type Settings, useSettings } from "../state/settings";

const CHOICES: {
  [name in Exclude<keyof Settings, "rail">]: [label: string, values: Settings[name][]];
} = {
  theme: ["Theme", ["system", "light", "dark"]],
  density: ["Rows", ["compact", "comfortable"]],
  text: ["Text", ["small", "usual", "large", "largest"]],
  palette: ["Colours of runs", ["standard", "colour-blind"]],
};

const DATABASES: Record<string, string> = {
  sqlite: "SQLite",
  postgresql: "PostgreSQL",
  mysql: "MySQL or MariaDB",
};

export default function SettingsPage() {
  const settings = useSettings();
  const { data: version } = useQuery({
    queryKey: ["version"],
    queryFn: async ({ signal }) => {
      const answer = await ask(address("/version"), { signal });
      return [await answer.text(), answer.headers.get("headrace-version") ?? ""] as const;
    },
  });
  const { data: about } = useQuery(aboutQuery);
  return (
    <Page crumbs={[{ text: "Settings" }]}>
      <div className="content padded">
        {Object.entries(CHOICES).map(([name, [label, values]]) => (
          <div key={name} className="line">
            <span id={`label-${name}`} className="setting">
              {label}
            </span>
            <fieldset className="group" aria-labelledby={`label-${name}`}>
              {values.map((value) => (
                <button
                  key={value}
                  type="button"
                  className="button"
                  aria-pressed={settings[name as keyof Settings] === value}
                  onClick={() => changeSettings({ [name]: value })}
                >
                  {value}
                </button>
              ))}
            </fieldset>
          </div>
        ))}
        <section>
          <h2>Keys</h2>
          <ShortcutList />
        </section>
        <Account />
        <section>
          <h2>About</h2>
          <p className="quiet">
            {version ? `Headrace ${version[1]}, with the interface of MLflow ${version[0]}.` : ""}{" "}
            {about ? `Its database is ${DATABASES[about.database] ?? about.database}.` : ""} No
            telemetry: these pages ask this server and nobody else.
          </p>
          <p>
            <a href={address("/api/openapi.json")}>The API, described in OpenAPI</a>
          </p>
        </section>
      </div>
    </Page>
  );
}

function Account() {
  const { data: about } = useQuery(aboutQuery);
  if (!about) return null;
  return (
    <section>
      <h2>Account</h2>
      {about.accounts ? (
        <div className="line">
          <span>Signed in as {about.user}</span>
          {about.has_session ? (
            <button type="button" className="button" onClick={signOut}>
              Sign out
            </button>
          ) : null}
        </div>
      ) : (
        <p className="quiet">
          This server asks for no names and passwords. Start it with <code>--basic-auth-file</code>,
          and it does.
        </p>
      )}
    </section>
  );
}
