// The search field as a person uses it, on the index and on a page in a subfolder, from disk and over HTTP.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { build, launch, newPage, pagesFor, pagesOf, waysTo } from "./site.mjs";

const site = build("fixtures/handbook");
const browser = await launch();
const page = await newPage(browser);
const HITS = "[data-search-hit]";

for (const way of await waysTo(site)) {
  for (const start of ["index.html", "troubleshooting/disk-full.html"]) {
    describe(`search from ${start}, ${way.name}`, () => {
      beforeEach(() => page.goto(way.url(start)));

      test("a title finds its runbook first, and Enter opens it", async () => {
        await ask("Database Failover");
        await firstHitIs(way.url("database-failover.html"));
        await page.keyboard.press("Enter");
        await page.waitForURL(isAt(way.url("database-failover.html")));
        assert.equal(await page.locator("h1").textContent(), "Database Failover");
      });

      test("transposed letters find it too, and the panel says how they were read", async () => {
        await ask("databsae failover");
        await firstHitIs(way.url("database-failover.html"));
        assert.match(await page.locator(".search-status").innerText(), /“databsae” read as “database”/);
      });

      test("a hit in a step leads to that step", async () => {
        await ask("fence old primary");
        const hit = await firstHitIs(way.url("database-failover.html"));
        const id = decodeURIComponent(new URL(hit).hash.slice(1));
        assert.ok(id, `${hit} has a fragment`);
        await page.locator(HITS).first().click();
        await page.waitForURL(hit);
        const step = page.locator(`[id="${id}"]`);
        assert.match(await step.textContent(), /Fence the old primary/);
        assert.ok(await isInWindow(step), "the step is in the window");
      });

      test("every hit leads to a page, and to an id of it", async () => {
        await ask("kubectl get pods");
        await page.locator(HITS).first().waitFor();
        const hits = await page.locator(HITS).evaluateAll((links) => links.map((link) => link.href));
        assert.ok(hits.some((hit) => hit.includes("#")), "some hit leads into a page");
        for (const hit of hits) {
          const url = new URL(hit), file = join(site, decodeURIComponent(url.href.slice(way.prefix.length).split("#")[0]));
          assert.ok(existsSync(file), `${hit} is a file of the site`);
          if (url.hash) assert.ok(readFileSync(file, "utf8").includes(`id="${decodeURIComponent(url.hash.slice(1))}"`), `${hit} is an id there`);
        }
      });

      test("the slash key focuses the field, and is not typed into it", async () => {
        await page.keyboard.press("/");
        assert.ok(await page.locator("#search").evaluate((field) => field === document.activeElement && field.value === ""));
      });

      test("Escape closes the panel", async () => {
        await ask("certificate");
        await page.locator(HITS).first().waitFor();
        await page.keyboard.press("Escape");
        await page.locator(HITS).first().waitFor({ state: "hidden" });
        assert.equal(await page.locator("#search").getAttribute("aria-expanded"), "false");
      });

      test("the arrow keys choose, and Enter opens what is chosen", async () => {
        await ask("database");
        const second = await page.locator(HITS).nth(1).evaluate((link) => link.href);
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowDown");
        const chosen = await page.locator("#search").getAttribute("aria-activedescendant");
        assert.equal(await page.locator(`[id="${chosen}"]`).evaluate((link) => link.href), second);
        await page.keyboard.press("Enter");
        await page.waitForURL(second);
      });

      test("no result is said, with a way on", async () => {
        await ask("zzqxvy");
        await page.locator(".search-status", { hasText: "No results for “zzqxvy”" }).waitFor();
        assert.equal(await page.locator(HITS).count(), 0);
        assert.equal(await page.locator(".search-help a").evaluate((link) => link.href), way.url("index.html"));
      });

      test("a query of markup stays text", async () => {
        await ask("<zzqxvy>");
        await page.locator(".search-status", { hasText: "No results for" }).waitFor();
        assert.equal(await page.locator("zzqxvy").count(), 0);
      });
    });
  }

  test(`every runbook is the first hit of its title, ${way.name}`, async () => {
    await page.goto(way.url("index.html"));
    for (const path of pagesFor(way, pagesOf(site))) {
      const html = readFileSync(join(site, path), "utf8");
      if (!html.includes('<body class="runbook">')) continue;
      await ask(/<h1[^>]*>([^<]*)<\/h1>/.exec(html)[1].replaceAll("&amp;", "&"));
      await firstHitIs(way.url(path));
    }
  });
}

async function ask(query) {
  await page.locator("#search").fill("");
  await page.locator("#search").pressSequentially(query);
}

/** Waits until the first hit is a page or a place in it, and returns its address. */
async function firstHitIs(url) {
  const first = () => document.querySelector("[data-search-hit]")?.href ?? "no hit";
  await page.waitForFunction(({ url }) => document.querySelector("[data-search-hit]")?.href.split("#")[0] === url, { url })
    .catch(async () => assert.fail(`the first hit of “${await page.locator("#search").inputValue()}” is ${await page.evaluate(first)}, not ${url}`));
  return page.evaluate(first);
}

function isAt(url) {
  return (now) => now.href.split("#")[0] === url;
}

async function isInWindow(locator) {
  return locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
}
