// axe-core finds no violation of WCAG 2.2 A and AA on any kind of page, light and dark, nor with the search or the menu open.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import axe from "axe-core";
import { build, launch, phone, waysTo, withPage } from "./site.mjs";

const site = build("fixtures/handbook");
const faulty = build("fixtures/faulty");
const browser = await launch();
const [demo] = await waysTo(site);
const [faults] = await waysTo(faulty);

const scenes = [
  ["the index", demo.url("index.html")],
  ["a runbook", demo.url("database-failover.html")],
  ["a runbook in a folder", demo.url("troubleshooting/dns-resolution.html")],
  ["a plain page", demo.url("reference/glossary.html")],
  ["the report", demo.url("report/index.html")],
  ["the error page", demo.url("404.html")],
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

for (const colorScheme of ["light", "dark"]) {
  describe(`accessibility, ${colorScheme}`, () => {
    for (const [name, url, prepare, options] of scenes) {
      test(name, () => withPage(browser, { colorScheme, ...options }, async (page) => {
        await page.goto(url);
        await prepare?.(page);
        await page.evaluate(axe.source);
        const complaints = await page.evaluate(runAxe);
        assert.equal(complaints.length, 0, `\n${complaints.join("\n")}`);
      }));
    }
  });
}

// Runs in the page.
async function runAxe() {
  const { violations } = await globalThis.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    rules: { "target-size": { enabled: true } }, // axe leaves WCAG 2.2's only rule off
    resultTypes: ["violations"],
  });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
}
