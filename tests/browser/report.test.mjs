// The report, its filters, the tables of an index, and the pages for the incident, as a reader uses them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { build, launch, listen, newPage, phone, reportOf, waysTo } from "./site.mjs";

const handbook = build("fixtures/handbook");
const faulty = build("fixtures/faulty");
const browser = await launch();
const page = await newPage(browser);
const heard = listen(page);
const report = reportOf(faulty);

const ways = await Promise.all([handbook, faulty].map(waysTo));
for (const [at, { name }] of ways[0].entries()) {
  const demo = ways[0][at], faults = ways[1][at];
  const finding = "[data-findings] .finding";

  describe(`the report, ${name}`, () => {
    test("filters by level, rule, owner and words, counts, and says so", async () => {
      await page.goto(faults.url("report/findings.html"));
      const form = page.locator("[data-filter]");
      const shown = () => page.locator(`${finding}:visible`).count();
      const all = await shown();
      assert.equal(all, report.diagnostics.length);
      const errors = report.diagnostics.filter(({ level }) => level === "error");
      assert.ok((await form.locator("[name=level] option").allTextContents()).includes(`error (${errors.length})`));
      await form.locator("[name=level]").selectOption("error");
      assert.equal(await shown(), errors.length);
      const rule = "missing-section";
      const both = errors.filter((one) => one.rule === rule);
      assert.ok(both.length > 0 && both.length < errors.length);
      await form.locator("[name=rule]").selectOption(rule);
      assert.equal(await shown(), both.length);
      assert.equal(await page.locator("[data-filter-count]").innerText(), `${both.length} of ${all} findings All of ${rule}`);
      assert.match(await page.locator("[data-filter-count] a").getAttribute("href"), /rules\/missing-section\.html$/);
      await page.waitForFunction((text) => document.querySelector("[data-status]").textContent === text, `Showing ${both.length} of ${all} findings`);
      await form.locator("[name=q]").fill("empty.md purpose");
      assert.equal(await shown(), 1);
      await form.locator("[name=q]").fill("no such words");
      assert.equal(await shown(), 0);
      assert.match(await page.locator("[data-filter-count]").innerText(), /^None of/);
      await form.getByRole("button", { name: "Clear" }).click();
      assert.equal(await shown(), all);
    });

    test("keeps the filter in the address, and takes it from there", async () => {
      await page.goto(faults.url("report/findings.html"));
      await page.locator("[data-filter] [name=level]").selectOption("info");
      const address = page.url();
      assert.match(address, /#level=info$/);
      await page.goto("about:blank");
      await page.goto(address);
      const levels = await page.locator(`${finding}:visible`).evaluateAll((all) => all.map((one) => one.dataset.level));
      assert.deepEqual(levels, Array(report.summary.infos).fill("info"));
    });

    test("a link to a finding leads to it whatever the filter says", async () => {
      await page.goto(faults.url("report/findings.html#level=info"));
      const id = await page.locator(`${finding}[data-level=error]`).first().getAttribute("id");
      await page.evaluate((hash) => { location.hash = hash; }, id);
      await page.locator(`#${id}`).waitFor({ state: "visible" });
    });

    test("the overview shows the gravest and leads to the rest", async () => {
      await page.goto(faults.url("report/index.html"));
      const levels = await page.locator(finding).evaluateAll((all) => all.map((one) => one.dataset.level));
      assert.equal(levels.length, 50);
      assert.equal(levels.filter((level) => level === "error").length, report.summary.errors);
      await page.getByRole("link", { name: /^All \d+ findings/ }).first().click();
      assert.match(page.url(), /report\/findings\.html$/);
    });

    test("a missing section leads from the matrix to what to do about it", async () => {
      await page.goto(faults.url("report/index.html"));
      await page.locator(".matrix tr", { hasText: "Mail Relay" }).locator("a.cell").first().click();
      const target = page.locator(".finding:target");
      assert.match(await target.locator(".message").innerText(), /Verification/);
      assert.ok(await target.isVisible());
    });

    test("today stands on the chart of ages, behind the last bar's start", async () => {
      await page.goto(demo.url("report/index.html"));
      const today = Number(await page.locator("svg.ages line.today").getAttribute("x1"));
      const first = Number(await page.locator("svg.ages rect.column").first().getAttribute("x"));
      assert.ok(today > first, `${today} > ${first}`);
      assert.equal(await page.locator("svg.ages").getAttribute("role"), "img");
    });

    test("the inventory filters by risk and has nothing to copy", async () => {
      await page.goto(demo.url("report/commands.html"));
      assert.equal(await page.locator("[data-copy]").count(), 0);
      await page.locator("[data-filter] [name=risk]").selectOption("destructive");
      const risks = await page.locator("[data-filter-item]:visible").evaluateAll((all) => all.map((one) => one.dataset.risk));
      assert.ok(risks.length > 0 && risks.every((risk) => risk === "destructive"), risks.join());
      assert.ok(await page.locator("#disruptive").isHidden());
    });

    test("quick commands are found by their words, and copied", async () => {
      await page.goto(demo.url("report/quick-commands.html"));
      await page.locator("[data-filter] [name=q]").fill("rabbitmqctl");
      const block = page.locator("[data-filter-item]:visible");
      assert.equal(await block.count(), 1);
      await block.locator("button[data-copy]").click();
      await page.waitForFunction(() => document.querySelector("[data-copy][data-state]"));
    });

    test("is quiet", () => assert.deepEqual(heard.problems, []));
  });

  describe(`the tables of an index, ${name}`, () => {
    const rows = (table) => page.locator("table.index-table").nth(table).locator("tbody tr");
    const first = (table) => rows(table).evaluateAll((all) => all.map((row) => row.cells[0].textContent.trim()));

    test("sort by time in minutes, by date, and back, by the keyboard", async () => {
      await page.goto(demo.url("index.html"));
      const original = await first(1);
      const head = page.locator("table.index-table").nth(1).getByRole("columnheader", { name: "Estimated Time" });
      await head.getByRole("button").focus();
      await page.keyboard.press("Enter");
      assert.equal(await head.getAttribute("aria-sort"), "ascending");
      const times = await rows(1).evaluateAll((all) => all.map((row) => row.cells[2].textContent));
      assert.deepEqual(times, ["15-20 minutes", "15-25 minutes", "25-40 minutes", "60-90 minutes"]);
      await page.waitForFunction(() => document.querySelector("[data-status]").textContent === "Sorted by Estimated Time, ascending");
      await page.keyboard.press("Space");
      assert.equal(await head.getAttribute("aria-sort"), "descending");
      await page.keyboard.press("Enter");
      assert.equal(await head.getAttribute("aria-sort"), null);
      assert.deepEqual(await first(1), original);
      await page.locator("table.index-table").nth(1).getByRole("button", { name: "Updated" }).click();
      const dates = await rows(1).locator("time").evaluateAll((all) => all.map((time) => time.dateTime));
      assert.deepEqual(dates, [...dates].sort());
    });

    test("filter by words, priority and health", async () => {
      await page.goto(demo.url("index.html"));
      const form = page.locator("form[data-filter]");
      const shown = page.locator("table.index-table tbody tr:visible");
      await form.locator("[name=q]").fill("redis");
      assert.equal(await shown.count(), 1);
      assert.ok(await page.locator("#routine-operations").isHidden());
      await form.locator("[name=q]").fill("");
      await form.locator("[name=priority]").selectOption("P0");
      assert.deepEqual(await shown.locator("td:first-child").allTextContents(), ["Names do not resolve in the cluster"]);
      await form.getByRole("button", { name: "Clear" }).click();
      await form.locator("[name=health]").selectOption("overdue");
      assert.ok(await shown.count() > 0);
      for (const text of await shown.locator(".health").allInnerTexts()) assert.match(text, /overdue/);
      assert.ok(await shown.locator(".updated .age").first().isVisible());
    });

    test("an emergency is one click away", async () => {
      await page.goto(demo.url("index.html"));
      const link = page.locator(".emergencies a").first();
      const box = await link.boundingBox();
      assert.ok(box.y + box.height < 900, "it is on the first screen");
      await link.click();
      assert.match(page.url(), /release-rollback\.html$/);
      await page.getByRole("link", { name: "Escalation and contacts" }).first().click();
      assert.equal(await page.locator("h1").innerText(), "Escalation and contacts");
      assert.ok(await page.locator("a[href^='tel:']").count() > 0);
    });
  });
}

test("on a telephone tables are lists that can be sorted, and no page is wider than the screen", async () => {
  const small = await newPage(browser, phone);
  const [demo] = ways[0], [faults] = ways[1];
  await small.goto(demo.url("index.html"));
  await small.locator("[data-sort-by]").selectOption("Estimated Time");
  const times = await small.locator("table.index-table").nth(1).locator("tbody tr").evaluateAll((all) => all.map((row) => row.cells[2].textContent));
  assert.equal(times[0], "15-20 minutes");
  const paths = ["index", "findings", "requirements", "owners", "commands", "escalation", "contents", "rules/missing-section"];
  for (const path of paths.map((one) => `report/${one}.html`)) {
    await small.goto(faults.url(path));
    const [wide, screen] = await small.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= screen, `${path}: ${wide} pixels`);
  }
});

test("without scripts the report is there, whole, and without what needs them", async () => {
  const plain = await newPage(browser, { javaScriptEnabled: false });
  await plain.goto(ways[1][0].url("report/findings.html"));
  assert.equal(await plain.locator(".finding").count(), report.diagnostics.length);
  assert.ok(await plain.locator("form[data-filter]").isHidden());
  assert.ok(await plain.locator("svg.ages").count() === 0);
  await plain.goto(ways[1][0].url("report/index.html"));
  assert.ok(await plain.locator("svg.ages").isVisible());
});
