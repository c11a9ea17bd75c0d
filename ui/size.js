// Fails where the pages are larger than they may be; numbers are bytes after gzip.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = process.env.HEADRACE_UI_OUT ?? "../src/mlflow/server/ui";
const FIRST_LOAD = 200_000;
const ALL = 450_000;

const assets = join(FOLDER, "assets");
const index = readFileSync(join(FOLDER, "index.html"), "utf8");
let first = 0;
let all = 0;
for (const name of readdirSync(assets)) {
  if (!name.endsWith(".js.gz")) continue;
  const size = readFileSync(join(assets, name)).length;
  all += size;
  if (index.includes(name.slice(0, -3))) first += size;
}
console.log(`JavaScript after gzip: ${first} bytes at first, ${all} bytes in all`);
if (first === 0 || first > FIRST_LOAD || all > ALL) {
  console.error(`More than ${FIRST_LOAD} at first or ${ALL} in all, or nothing was built`);
  process.exit(1);
}
