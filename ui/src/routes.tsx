// Every page and its path. What is not on the way to the runs is loaded when it is first opened.
import { lazy, type ReactNode } from "react";
import { ExperimentsPage } from "./pages/experiments/page";
import { RunsPage } from "./pages/runs/page";

const ComparePage = lazy(() => import("./pages/compare/page"));
const ModelPage = lazy(() => import("./pages/models/model"));
const ModelsPage = lazy(() => import("./pages/models/models"));
const LoggedModelPage = lazy(() => import("./pages/models/logged-model"));
const LoggedModelsPage = lazy(() => import("./pages/models/logged-models"));
const CompareVersionsPage = lazy(() => import("./pages/models/compare"));
const VersionPage = lazy(() => import("./pages/models/version"));
const RunPage = lazy(() => import("./pages/run/page"));
const SettingsPage = lazy(() => import("./pages/settings"));

type Parts = Record<string, string>;

const part = (parts: Parts, name: string) => parts[name] ?? "";

export const ROUTES: [pattern: string, page: (parts: Parts) => ReactNode][] = [
  ["/", () => <ExperimentsPage />],
  ["/experiments", () => <ExperimentsPage />],
  ["/experiments/:ids", (parts) => <RunsPage key={part(parts, "ids")} ids={part(parts, "ids")} />],
  [
    "/experiments/:experiment/runs/:run",
    (parts) => <RunPage experiment={part(parts, "experiment")} run={part(parts, "run")} />,
  ],
  [
    "/experiments/:ids/models",
    (parts) => <LoggedModelsPage key={part(parts, "ids")} ids={part(parts, "ids")} />,
  ],
  [
    "/experiments/:experiment/models/:model",
    (parts) => (
      <LoggedModelPage experiment={part(parts, "experiment")} model={part(parts, "model")} />
    ),
  ],
  ["/compare-runs", () => <ComparePage />],
  ["/models", () => <ModelsPage />],
  ["/models/:name", (parts) => <ModelPage name={part(parts, "name")} />],
  ["/models/:name/compare", (parts) => <CompareVersionsPage name={part(parts, "name")} />],
  [
    "/models/:name/versions/:version",
    (parts) => <VersionPage name={part(parts, "name")} version={part(parts, "version")} />,
  ],
  ["/settings", () => <SettingsPage />],
];
