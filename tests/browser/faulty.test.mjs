// A handbook full of faults (fixtures/faulty) still becomes a site, which says what is wrong.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { build, launch, listen, newPage, pagesFor, pagesOf, reportOf, waysTo } from "./site.mjs";

const site = build("fixtures/faulty");
const report = reportOf(site);
const page = await newPage(await launch());
const heard = listen(page);

for (const way of await waysTo(site)) {
  describe(`the faulty handbook, ${way.name}`, () => {
    test("the report lists every finding of report.json, and no other", async () => {
      await page.goto(way.url("report/findings.html"));
      assert.ok(report.diagnostics.length > 0, "the handbook has findings");
      const listed = await page.locator("[data-findings] .finding").evaluateAll((findings) => findings.map((finding) => ({
        path: finding.closest("[data-file]").querySelector(".path").textContent,
        level: finding.dataset.level,
        rule: finding.querySelector(".where a").textContent,
        line: finding.querySelector(".where span").textContent,
        message: finding.querySelector(".message").textContent,
      })));
      const expected = report.diagnostics.map(({ path, level, rule, start, message }) =>
        ({ path, level, rule, line: `line ${start.line}`, message: message.replaceAll("`", "") }));
      const sorted = (findings) => findings.map((finding) => JSON.stringify(finding)).sort();
      assert.deepEqual(sorted(listed), sorted(expected));
    });

    test("the report's filter shows one level", async () => {
      await page.goto(way.url("report/findings.html"));
      await page.locator("[data-filter] [name=level]").selectOption("warning");
      const shown = await page.locator("[data-findings] .finding:visible").evaluateAll((findings) => findings.map((finding) => finding.dataset.level));
      assert.deepEqual(shown, Array(report.summary.warnings).fill("warning"));
    });

    test("each finding is on the page of its document too", async () => {
      for (const path of new Set(report.diagnostics.map((finding) => finding.path))) {
        await page.goto(way.url(addressOf(path)));
        const listed = await page.locator(".page-findings .finding .where a").allTextContents();
        assert.deepEqual(listed.sort(), report.diagnostics.filter((finding) => finding.path === path).map((finding) => finding.rule).sort(), path);
      }
    });

    test("a file that cannot be read has a page that says so", async () => {
      await page.goto(way.url("crew-import.html"));
      const warning = page.locator("main [data-warning]");
      assert.ok(await warning.isVisible());
      assert.match(await warning.innerText(), /could not be read[^]*not UTF-8/);
    });

    test("a dead link is marked text, and leads nowhere", async () => {
      const dead = report.diagnostics.filter(({ rule }) => rule === "dead-link" || rule === "dead-index-row");
      assert.ok(dead.length > 3);
      for (const { path, message } of dead) {
        await page.goto(way.url(addressOf(path)));
        const name = /`[^`]*?([\w-]+)\.(md|html)/.exec(message)[1];
        const marks = page.locator(".dead", { hasText: "missing" }).and(page.locator(`[title*="${name}"]`));
        assert.ok(await marks.first().isVisible(), `${path} marks ${name}`);
        const targets = await page.locator("main .body a[href]").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
        assert.deepEqual(targets.filter((target) => target.endsWith(`${name}.md`) || deadPage(way, page.url(), target)), [], path);
        assert.equal(await page.locator(".dead[href], .dead [href]").count(), 0);
      }
    });

    test("every page is quiet", async () => {
      Object.assign(heard, { problems: [], requests: [] });
      for (const path of pagesFor(way, pagesOf(site))) await page.goto(way.url(path));
      assert.deepEqual(heard.problems, []);
      assert.deepEqual(heard.requests.filter((url) => !url.startsWith(way.prefix)), []);
    });
  });
}

/** Whether a link leads to a page that the site does not have. */
function deadPage(way, from, target) {
  const url = new URL(target, from).href;
  return url.startsWith(way.prefix) && !pagesOf(site).includes(decodeURIComponent(url.slice(way.prefix.length).split("#")[0]));
}

/** The page of a document: a folder's README is its index page. */
function addressOf(path) {
  return path.replace(/README\.md$/, "index.md").replace(/md$/, "html");
}
