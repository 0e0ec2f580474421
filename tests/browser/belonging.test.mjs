// Former addresses lead on from disk and over HTTP, with scripts and without; without scripts every page can be read and
// left; the second theme and colours of one's own are accessible.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import axe from "axe-core";
import { build, launch, listen, newPage, pagesFor, pagesOf, phone, repository, temporaryFolder, waysTo } from "./site.mjs";

/** The site of the demo handbook with a config of its own and a document that has moved. */
function buildWith(config) {
  const source = join(temporaryFolder(), "handbook");
  cpSync(join(repository, "fixtures/handbook"), source, { recursive: true });
  writeFileSync(join(source, "runbook-site.toml"), config);
  writeFileSync(join(source, "logo.svg"), '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>');
  mkdirSync(join(source, "db"));
  writeFileSync(join(source, "db/moved here.md"), "---\naliases: [/old/place/, /was.html]\n---\n# Moved\n\n## Step 1: Look\n\nText.\n");
  return build(source);
}

const plain = buildWith("[site]\nlogo = \"logo.svg\"\n");
const ledger = buildWith("[site]\ntheme = \"ledger\"\nlogo = \"logo.svg\"\nedit = \"https://git.example/{path}\"\n");
const coloured = buildWith("[site.colors]\naccent = \"#0b5d52\"\nwarn = \"#7a4b00\"\nground = { light = \"#f4ecd8\", dark = \"#1b2838\" }\nink = { light = \"#2b2118\", dark = \"#dbe6f0\" }\n");
const browser = await launch();
const ways = await waysTo(plain);

describe("former addresses", () => {
  for (const way of ways) {
    test(`${way.name}: with scripts they keep the step and the values of variables`, async () => {
      const page = await newPage(browser);
      const heard = listen(page);
      for (const from of ["old/place/index.html", "was.html"]) {
        await page.goto(`${way.url(from)}?pod-name=api-0#step-1-look`);
        await page.waitForURL(`${way.url("db/moved here.html")}?pod-name=api-0#step-1-look`);
        assert.equal(await page.locator("h1").textContent(), "Moved");
      }
      assert.deepEqual(heard.problems, []);
      await page.context().close();
    });

    test(`${way.name}: without scripts they lead to the page`, async () => {
      const page = await newPage(browser, { javaScriptEnabled: false });
      await page.goto(way.url("old/place/index.html"));
      await page.waitForURL(way.url("db/moved here.html"));
      assert.equal(await page.locator("h1").textContent(), "Moved");
      await page.context().close();
    });
  }

  test("the back button goes past them", async () => {
    const page = await newPage(browser);
    await page.goto(ways[1].url("index.html"));
    await page.goto(ways[1].url("was.html"));
    await page.waitForURL(ways[1].url("db/moved here.html"));
    await page.goBack();
    assert.equal(page.url(), ways[1].url("index.html"));
    await page.context().close();
  });
});

describe("without scripts", () => {
  for (const way of ways) {
    test(`${way.name}: every page has its text, its way home, and no control that does nothing`, async () => {
      const page = await newPage(browser, { javaScriptEnabled: false });
      const heard = listen(page);
      for (const path of pagesFor(way, pagesOf(plain)).filter((path) => !["offline.html", "was.html", "old/place/index.html"].includes(path))) {
        await page.goto(way.url(path));
        assert.ok((await page.locator("main").innerText()).trim().length > 3, `${path} has text`);
        assert.ok(await page.locator("a[href$='index.html']:visible").count() > 0, `${path} leads home`);
        const idle = await page.locator("button:visible, input[type=search]:visible").evaluateAll((found) => found.map((one) => one.outerHTML));
        assert.deepEqual(idle, [], `${path}: controls that need scripts are hidden`);
      }
      assert.deepEqual(heard.requests.filter((url) => !url.startsWith(way.prefix) && !url.startsWith("data:")), []);
      await page.context().close();
    });
  }
});

const COLOURS = { runOnly: ["color-contrast", "link-in-text-block"] };
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

describe("looks", () => {
  const all = { runOnly: WCAG, rules: { "target-size": { enabled: true } } }; // off in axe unless asked for
  for (const [look, folder, rules] of [["ledger", ledger, all], ["colours of one's own", coloured, COLOURS]]) {
    test(`axe finds nothing in ${look}, light and dark`, async () => {
      const [disk, web] = await waysTo(folder);
      const urls = ["index.html", "database-failover.html", "troubleshooting/dns-resolution.html", "reference/glossary.html", "report/index.html"].map(disk.url);
      for (const options of [{}, phone]) {
        const page = await newPage(browser, options);
        for (const url of [...urls, web.url("404.html")]) {
          for (const colorScheme of ["light", "dark"]) {
            await page.emulateMedia({ colorScheme });
            await page.goto(url);
            await page.evaluate(axe.source);
            const found = await page.evaluate(runAxe, colorScheme === "light" ? rules : COLOURS);
            assert.deepEqual(found, [], `${url}, ${colorScheme}`);
          }
          const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(beyond <= 0, `${url} is ${beyond} pixels too wide`);
        }
        await page.context().close();
      }
    });
  }

  test("ledger changes what it says and leaves the rest", async () => {
    const [disk, web] = await waysTo(ledger);
    const page = await newPage(browser);
    await page.goto(disk.url("database-failover.html"));
    const style = (selector, property) => page.locator(selector).first().evaluate((one, name) => getComputedStyle(one)[name], property);
    assert.equal(await style("html", "backgroundColor"), "rgb(255, 255, 255)");
    assert.equal(await style(".button", "borderRadius"), "0px");
    assert.ok(await page.locator(".brand .logo").evaluate((image) => image.complete && image.naturalWidth > 0), "the logo is shown");
    assert.ok((await page.locator(".brand .logo").boundingBox()).height >= 24);
    assert.equal(await page.getByRole("link", { name: "Edit this page" }).getAttribute("href"), "https://git.example/database-failover.md");
    await page.goto(web.url("404.html"));
    assert.equal(await page.locator("h1").textContent(), "No entry at this address");
    await page.context().close();
  });

  test("who asks for more contrast gets the theme's, whatever the config says", async () => {
    const [disk] = await waysTo(coloured);
    const page = await newPage(browser, { colorScheme: "light" });
    const ground = async () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.goto(disk.url("index.html"));
    assert.equal(await ground(), "rgb(244, 236, 216)");
    await page.emulateMedia({ contrast: "more" });
    assert.equal(await ground(), "rgb(255, 255, 255)");
    await page.emulateMedia({ contrast: "no-preference", media: "print" });
    assert.equal(await ground(), "rgb(255, 255, 255)");
    await page.context().close();
  });
});

// Runs in the page.
async function runAxe(options) {
  const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"], ...options });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
}
