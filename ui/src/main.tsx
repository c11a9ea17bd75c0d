// The start of the pages.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "./api/client";
import { Frame, Page } from "./components/frame";
import { Loading, Note } from "./components/notes";
import { match } from "./lib/paths";
import { ROUTES } from "./routes";
import { usePlace } from "./state/location";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/controls.css";
import "./styles/notes.css";
import "./styles/table.css";
import "./styles/runs.css";
import "./styles/charts.css";
import "./styles/facts.css";
import "./styles/files.css";
import "./styles/models.css";
import "./styles/touch.css";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (times, error) => times < 2 && error instanceof ApiError && error.status >= 500,
    },
  },
});

function App() {
  const { path } = usePlace();
  for (const [pattern, page] of ROUTES) {
    const parts = match(pattern, path);
    if (parts) {
      return (
        <Frame>
          <Suspense fallback={<Opening />}>{page(parts)}</Suspense>
        </Frame>
      );
    }
  }
  return (
    <Frame>
      <Page crumbs={[{ text: "Not found" }]}>
        <Note title="There is no page here">
          <a href="#/experiments">All experiments</a>
        </Note>
      </Page>
    </Frame>
  );
}

function Opening() {
  return (
    <Page crumbs={[{ text: "Opening" }]}>
      <Loading rows={14} />
    </Page>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
