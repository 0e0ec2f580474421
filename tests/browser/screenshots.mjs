// Takes pictures of a built site, for developers and the README: each kind of page at two widths, light and dark, and a PDF
// of how a runbook prints. Not a test.
//
//   node tests/browser/screenshots.mjs SITE OUT
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { desktop, isFile, launch, newPage, pagesOf, phone } from "./site.mjs";

const [site, out] = process.argv.slice(2);
if (!out) {
  console.error("usage: node tests/browser/screenshots.mjs SITE OUT");
  process.exit(2);
}
const url = (path) => pathToFileURL(join(resolve(site), path)).href;
const first = (kind, where) => pagesOf(site).find((path) => readFileSync(join(site, path), "utf8").includes(`<body class="${kind}">`) && where(path));

const runbook = first("runbook", (path) => !path.includes("/"));
const query = /<h1[^>]*>[^<]*?(\w+)<\/h1>/.exec(readFileSync(join(site, runbook), "utf8"))[1];
const scenes = [
  ["index", "index.html"],
  ["runbook", runbook],
  ["runbook-in-folder", first("runbook", (path) => path.includes("/"))],
  ["page", first("page", () => true)],
  ["report", "report/index.html"],
  ["findings", "report/findings.html"],
  ["commands", "report/commands.html"],
  ["escalation", "report/escalation.html"],
  ["quick-commands", "report/quick-commands.html"],
  ["search", "index.html", search],
  ["search-in-folder", first("runbook", (path) => path.includes("/")), search],
  ["search-nothing", "index.html", (page) => page.locator("#search").fill("zzqxvy")],
  ["menu", runbook, openMenu],
].filter(([, path]) => path && isFile(join(site, path)));

mkdirSync(out, { recursive: true });
const browser = await launch({ atEnd() {} });
for (const [width, options] of [[1440, { viewport: { ...desktop, width: 1440 } }], [375, phone]]) {
  for (const colorScheme of ["light", "dark"]) {
    const page = await newPage(browser, { ...options, colorScheme });
    for (const [name, path, prepare] of scenes) {
      await page.goto(url(path));
      await prepare?.(page);
      await page.addStyleTag({ content: "* { content-visibility: visible !important }" }); // what is off the screen is drawn too
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(out, `${name}-${width}-${colorScheme}.png`), fullPage: !prepare });
    }
    await page.context().close();
  }
}
const page = await newPage(browser);
for (const [name, path] of [["index", "index.html"], ["runbook", runbook], ["report", "report/index.html"]]) {
  await page.goto(url(path));
  await page.pdf({ path: join(out, `${name}-print.pdf`), format: "A4" });
}
await browser.close();

async function search(page) {
  await page.locator("#search").fill(query);
  await page.locator("[data-search-hit] mark").first().waitFor();
}

async function openMenu(page) {
  const menu = page.locator("button[data-menu]");
  if (await menu.isVisible()) await menu.click();
  await page.locator("details[data-navigation] > summary").click();
  await page.locator("[data-navigation-list] > details").first().waitFor();
}
