// The shipped search engine over a built site, without a browser: classic scripts, nothing but the global.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const engineFile = join(dirname(fileURLToPath(import.meta.url)), "../../themes/default/assets/search-engine.js");

/** The engine with the index of a site's folder as a page loads it. */
export function open(site) {
  const context = vm.createContext({});
  const run = (file) => vm.runInContext(readFileSync(file, "utf8"), context, { filename: file });
  run(engineFile);
  const engine = context.RunbookSearch;
  engine.loader = async (file) => run(join(site, file.split("?")[0]));
  run(join(site, "search/index.js"));
  return engine;
}
