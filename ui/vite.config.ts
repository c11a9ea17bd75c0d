import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const OUT = process.env["HEADRACE_UI_OUT"] ?? "../src/mlflow/server/ui";

// The server sends files that are compressed already; what is not, it makes of those where it is asked to.
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      for (const entry of readdirSync(OUT, { withFileTypes: true, recursive: true })) {
        if (!entry.isFile() || /\.(gz|br)$/.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const body = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(body));
        if (/\.(js|css)$/.test(path)) rmSync(path);
      }
    },
  };
}

// Addresses are relative, so that the pages work under any --static-prefix.
export default defineConfig({
  base: "./",
  plugins: [react(), compressed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsDir: "assets",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the policy of the pages allows files of this server only
    target: "es2022",
  },
  worker: { format: "es" }, // so that it too loads what it needs when it needs it
  server: { proxy: { "/api": "http://127.0.0.1:5000", "/ajax-api": "http://127.0.0.1:5000" } },
});
