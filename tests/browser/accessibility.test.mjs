// axe-core finds no violation of WCAG 2.2 A and AA on any kind of page, light and dark, nor with the search or the menu open.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import axe from "axe-core";
import { build, launch, newPage, phone, waysTo } from "./site.mjs";

const site = build("fixtures/handbook");
const faulty = build("fixtures/faulty");
const browser = await launch();
const [demo, served] = await waysTo(site);
const [faults] = await waysTo(faulty);

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const COLOURS = ["color-contrast", "link-in-text-block"]; // the dark scheme changes nothing else

const scenes = [
  ["the index", demo.url("index.html")],
  ["a runbook", demo.url("database-failover.html")],
  ["a runbook in a folder", demo.url("troubleshooting/dns-resolution.html")],
  ["a plain page", demo.url("reference/glossary.html")],
  ["the report", demo.url("report/index.html")],
  ["the findings", faults.url("report/findings.html")],
  ["a rule in the report", faults.url("report/rules/missing-section.html")],
  ["the requirements", faults.url("report/requirements.html")],
  ["the owners", faults.url("report/owners.html")],
  ["an owner", faults.url("report/owners/harbour-systems.html")],
  ["the command inventory", demo.url("report/commands.html")],
  ["the escalation page", demo.url("report/escalation.html")],
  ["the escalation page on a telephone", demo.url("report/escalation.html"), undefined, phone],
  ["the quick commands", demo.url("report/quick-commands.html")],
  ["the list of all documents", demo.url("report/contents.html")],
  ["the error page", served.url("404.html")],
  ["a report of faults", faults.url("report/index.html")],
  ["an index with dead rows", faults.url("index.html")],
  ["search results", demo.url("index.html"), async (page) => {
    await page.locator("#search").fill("database");
    await page.locator("[data-search-hit] mark").first().waitFor();
  }],
  ["the menu of a telephone", demo.url("database-failover.html"), async (page) => {
    await page.getByRole("button", { name: "Menu" }).tap();
    await page.locator("details[data-navigation] > summary").tap();
    await page.locator("[data-navigation-list] > details").first().waitFor();
  }, phone],
];

const desktopOptions = {};
const pages = new Map();

describe("accessibility, light and dark", () => {
  for (const [name, url, prepare, options = desktopOptions] of scenes) {
    test(name, async () => {
      if (!pages.has(options)) pages.set(options, await newPage(browser, options));
      const page = pages.get(options);
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(url);
      await prepare?.(page);
      await page.evaluate(axe.source);
      const light = await page.evaluate(runAxe, { runOnly: WCAG, rules: { "target-size": { enabled: true } } }); // off in axe unless asked for
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await page.evaluate(runAxe, { runOnly: COLOURS });
      assert.equal(light.length + dark.length, 0, ["", ...light, ...dark.map((complaint) => `dark: ${complaint}`)].join("\n"));
    });
  }
});

describe("high contrast, chosen by the reader: 7 to 1", () => {
  for (const [name, path] of [["the index", "index.html"], ["a runbook", "database-failover.html"], ["the report", "report/index.html"]]) {
    test(name, async () => {
      if (!pages.has(desktopOptions)) pages.set(desktopOptions, await newPage(browser, desktopOptions));
      const page = pages.get(desktopOptions);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.goto(demo.url(path));
        await page.evaluate(() => { document.documentElement.dataset.theme = "contrast"; });
        await page.evaluate(axe.source);
        const complaints = await page.evaluate(runAxe, { runOnly: ["color-contrast-enhanced"], rules: { "color-contrast-enhanced": { enabled: true } } });
        assert.deepEqual(complaints, [], colorScheme);
      }
    });
  }
});

// Runs in the page.
async function runAxe(options) {
  const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"], ...options });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
}
