// `offline.html` alone in a folder, from disk: one file that is the whole handbook.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { build, launch, listen, newPage, pagesOf, phone, temporaryFolder } from "./site.mjs";

const browser = await launch();
const site = build("fixtures/handbook");
const book = alone(site);

/** The file of a site in a folder where nothing else is. */
function alone(folder) {
  const file = join(temporaryFolder(), "offline copy.html");
  copyFileSync(join(folder, "offline.html"), file);
  return pathToFileURL(file).href;
}

const shown = (page) => page.locator("article[data-document]:visible");
const place = (page) => decodeURIComponent(new URL(page.url()).hash.slice(1));

describe("the offline copy", async () => {
  const page = await newPage(browser);
  const heard = listen(page);
  beforeEach(async () => {
    await page.goto("about:blank");
    heard.requests.length = heard.problems.length = 0;
    await page.goto(book);
  });

  test("opens at the home page, and asks for nothing but itself", async () => {
    assert.equal(await shown(page).count(), 1);
    assert.equal(await shown(page).getAttribute("data-document"), "index.html");
    await page.locator("#search").fill("failover");
    await page.locator("[data-search-hit]").first().waitFor();
    await openNavigation(page);
    assert.deepEqual(heard.requests.filter((url) => !url.startsWith("data:")), [book]);
    assert.deepEqual(heard.problems, []);
  });

  test("the search leads to a step, with the keyboard alone", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("fence old primary");
    await page.locator("[data-search-hit]").first().waitFor();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash.startsWith("#database-failover.html/"));
    assert.equal(await shown(page).getAttribute("data-document"), "database-failover.html");
    assert.match(await page.title(), /^Database Failover · /);
    const target = page.locator(`[id="${place(page)}"]`);
    assert.match(await target.textContent(), /Fence the old primary/);
    assert.ok(await target.evaluate((step) => step.getBoundingClientRect().top >= 0 && step.getBoundingClientRect().top < innerHeight), "the step is in the window");
    assert.ok(await target.evaluate((step) => document.activeElement === step || document.activeElement.contains(step) || step.contains(document.activeElement)), "the step has the focus");
  });

  test("links between documents show the other one at its top, and Back comes back to the place", async () => {
    await page.locator('article:visible a[href="#database-failover.html"]').first().click();
    await page.locator("h1:visible", { hasText: "Database Failover" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Database Failover");
    await page.evaluate(() => scrollTo(0, 700));
    await page.waitForFunction(() => scrollY === 700);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await page.evaluate(() => { location.hash = "#index.html"; });
    await page.waitForFunction(() => document.querySelector("article[data-shown]").dataset.document === "index.html" && scrollY === 0);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("article[data-shown]").dataset.document === "database-failover.html" && scrollY === 700);
    assert.match(await page.title(), /^Database Failover/);
  });

  test("the navigation holds all documents and marks the one that is shown", async () => {
    await openNavigation(page);
    const group = page.locator("[data-navigation-list] details").first();
    await group.locator("summary").click();
    const link = group.locator("a").first();
    await link.click();
    await page.waitForFunction(() => location.hash !== "");
    assert.equal(await link.getAttribute("aria-current"), "page");
    assert.equal(await shown(page).getAttribute("id"), place(page));
  });

  test("a filter works on its own document, and leaves the address to it", async () => {
    const count = page.locator("article:visible [data-filter-count]");
    assert.equal(await count.innerText(), "15 rows");
    await page.locator("article:visible form[data-filter] input[name=q]").fill("redis");
    await page.waitForFunction(() => /^1 of 15 rows/.test(document.querySelector("article [data-filter-count]").innerText));
    assert.equal(page.url(), book);
  });

  test("pages seen lately are offered", async () => {
    for (const document of ["log-rotation.html", "database-vacuum.html"]) {
      await page.goto(`${book}#${document}`);
      await page.locator(`article[data-shown][data-document="${document}"]`).waitFor(); // the address changes first
    }
    await page.locator("#search").click();
    const recent = page.locator(".search-panel [role=option]");
    await recent.first().waitFor();
    assert.match((await recent.allInnerTexts()).join(), /Log Rotation/i);
  });

  test("a fragment that is not well encoded or leads nowhere throws nothing", async () => {
    for (const [fragment, document] of [
      ["#%E0%A4%A", "index.html"], ["#100%-cpu", "index.html"], ["#no-such.html", "index.html"],
      ["#database-failover.html/gone", "database-failover.html"], ["#database-failover.html/%", "database-failover.html"], ["#main", "index.html"],
    ]) {
      await page.goto("about:blank");
      await page.goto(book + fragment);
      assert.equal(await shown(page).getAttribute("data-document"), document, fragment);
    }
    assert.deepEqual(heard.problems, []);
  });

  test("a step that the address names is in the window at once", async () => {
    await page.goto("about:blank");
    const step = await firstId(page, "database-failover.html", "step-3");
    await page.goto("about:blank");
    await page.goto(`${book}#${step}`);
    assert.ok(await page.locator(`[id="${step}"]`).evaluate((found) => found.getBoundingClientRect().top >= 0 && found.getBoundingClientRect().top < innerHeight));
  });

  test("the theme can be switched, and a command copied", async () => {
    await page.locator("[data-theme-toggle]").click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
    await page.goto(`${book}#database-failover.html`);
    await shown(page).locator("button[data-copy]:visible").first().click();
    await page.waitForFunction(() => document.querySelector("[data-status]").textContent.startsWith("Copied"));
  });

  test("a value that is filled in goes into the commands of its document", async () => {
    await page.goto(`${book}#database-failover.html`);
    await shown(page).locator('input[data-variable="replica"]').fill("db-02");
    const places = shown(page).locator('var[data-variable="replica"]');
    assert.ok(await places.count() > 0);
    assert.deepEqual(new Set(await places.allInnerTexts()), new Set(["db-02"]));
  });

  test("a value in the address is taken for the document that is shown", async () => {
    await page.goto("about:blank");
    await page.goto(`${book}?replica=db-03#database-failover.html`);
    assert.equal(await shown(page).locator('input[data-variable="replica"]').inputValue(), "db-03");
  });

  test("a run goes on after a reload, and is known on another document", async () => {
    await page.goto("about:blank");
    await page.goto(`${book}#database-failover.html`);
    await shown(page).locator("[data-run-start]").click();
    await shown(page).locator("input[type=checkbox][data-step]").first().check();
    await page.reload();
    await page.locator("[data-run-steps]", { hasText: "1 of 5" }).waitFor();
    assert.ok(await shown(page).locator("input[type=checkbox][data-step]").first().isChecked());
    await page.evaluate(() => { location.hash = "#log-rotation.html"; });
    const back = page.locator(".run-notice a", { hasText: "Database Failover" });
    await back.click();
    await page.waitForFunction(() => document.querySelector("article[data-shown]").dataset.document === "database-failover.html");
    assert.deepEqual(heard.problems, []);
  });

  test("ids stand once, and each inner link leads to one", async () => {
    const { repeated, nowhere, relative } = await page.evaluate(() => {
      const decoded = (href) => decodeURIComponent(href.slice(1));
      const ids = [...document.querySelectorAll("[id]")].map((element) => element.id), known = new Set(ids);
      const links = [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"));
      const refers = [...document.querySelectorAll("[aria-labelledby], [aria-controls], [for]")].flatMap((element) =>
        ["aria-labelledby", "aria-controls", "for"].flatMap((name) => (element.getAttribute(name) ?? "").split(" ").filter(Boolean)));
      return {
        repeated: ids.filter((id, at) => ids.indexOf(id) !== at),
        nowhere: [...links.filter((href) => href.startsWith("#")).map(decoded), ...refers].filter((id) => !known.has(id)),
        relative: links.filter((href) => !/^(#|https?:|mailto:|slack:|tel:)/.test(href)),
      };
    });
    assert.deepEqual({ repeated, nowhere, relative }, { repeated: [], nowhere: [], relative: [] });
  });

  test("it holds each document of the site, and what is for the site's author alone is left out", async () => {
    const documents = await page.locator("article[data-document]").evaluateAll((all) => all.map((article) => article.dataset.document));
    const pages = pagesOf(site).filter((path) => /<body class="(runbook|page|index)"/.test(readFileSync(join(site, path), "utf8")));
    assert.deepEqual(documents.filter((path) => !path.startsWith("report/")).toSorted(), pages.toSorted());
    assert.deepEqual(documents.filter((path) => path.startsWith("report/")), ["report/contents.html", "report/escalation.html", "report/quick-commands.html"]);
    assert.equal(await page.locator("[data-site-only], .page-findings").count(), 0);
  });

  test("each page of the site links to it", async () => {
    for (const path of pagesOf(site)) {
      if (path === "offline.html") continue;
      const root = path === "404.html" ? "/" : "../".repeat(path.split("/").length - 1);
      assert.ok(readFileSync(join(site, path), "utf8").includes(`href="${root}offline.html"`), path);
    }
  });

  test("another document is told to other scripts", async () => {
    const seen = await page.evaluate(() => new Promise((done) => {
      document.addEventListener("runbook-site:document", (event) => done(event.detail.article.dataset.document));
      location.hash = "#log-rotation.html";
    }));
    assert.equal(seen, "log-rotation.html");
  });
});

test("without scripts all documents stand one behind the other, and the contents lead to them", async () => {
  const page = await newPage(browser, { javaScriptEnabled: false });
  await page.goto(book);
  const count = await page.locator("article[data-document]").count();
  assert.ok(count > 5);
  assert.equal(await shown(page).count(), count);
  await page.locator('.contents a[href="#database-failover.html"]').first().click();
  const top = await page.locator('[id="database-failover.html"]').evaluate((article) => article.getBoundingClientRect().top);
  assert.ok(top >= 0 && top < 300, `the document is at ${top}`);
});

describe("accessibility of the offline copy", () => {
  for (const [width, options] of [["wide", {}], ["narrow", phone]]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`axe finds nothing, ${width}, ${colorScheme}`, async () => {
        const page = await newPage(browser, { ...options, colorScheme });
        for (const fragment of ["", "#database-failover.html"]) {
          await page.goto(book + fragment);
          await page.evaluate(axe.source);
          const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
          assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`), [], fragment);
        }
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing stands out at the side");
      });
    }
  }
});

test("names with spaces and umlauts, pictures and files: in the file or marked", async () => {
  const source = temporaryFolder(), folder = join(source, "Störung & Notfall");
  mkdirSync(folder);
  const dot = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  writeFileSync(join(folder, "dot.png"), dot);
  writeFileSync(join(folder, "large.png"), Buffer.concat([dot, Buffer.alloc(1_000_001)]));
  writeFileSync(join(source, "plan.pdf"), "%PDF");
  writeFileSync(join(source, "README.md"), "# Handbook\n\n[there](St%C3%B6rung%20%26%20Notfall/Erste%20Hilfe.md#%C3%BCberblick) [plan](plan.pdf)\n");
  writeFileSync(join(folder, "Erste Hilfe.md"), "# Erste Hilfe\n\n## Überblick\n\n![A dot](dot.png) ![A photo](large.png) [home](../README.md) [plan](../plan.pdf) [here](#%C3%BCberblick)\n");
  const page = await newPage(browser);
  const heard = listen(page);
  await page.goto(alone(build(source)));
  assert.match(await shown(page).innerText(), /plan \(not in this file: plan\.pdf\)/);
  await page.locator("article:visible a", { hasText: "there" }).click();
  await page.locator("h1:visible", { hasText: "Erste Hilfe" }).waitFor();
  assert.ok(await page.evaluate(() => document.getElementById(decodeURIComponent(location.hash.slice(1))).textContent.startsWith("Überblick")));
  const picture = shown(page).locator("img");
  assert.equal(await picture.count(), 1);
  assert.equal(await picture.evaluate((image) => image.decode().then(() => image.naturalWidth)), 1);
  assert.match(await shown(page).innerText(), /A photo \(picture not in this file: Störung & Notfall\/large\.png\)/);
  await page.locator("#search").fill("erste hilfe");
  await page.locator("[data-search-hit]").first().waitFor();
  await page.locator("article:visible a", { hasText: "home" }).click();
  await page.locator("h1:visible", { hasText: "Handbook" }).waitFor();
  await page.locator("#search").fill("erste hilf");
  await page.locator("[data-search-hit]").first().click();
  await page.locator("h1:visible", { hasText: "Erste Hilfe" }).waitFor();
  assert.deepEqual(heard.problems, []);
});

async function openNavigation(page) {
  const all = page.locator("details[data-navigation]");
  if (!(await all.evaluate((details) => details.open))) await all.locator("summary").first().click();
  await page.locator("[data-navigation-list] details").first().waitFor();
}

async function firstId(page, document, start) {
  await page.goto(book);
  return page.locator(`article[data-document="${document}"] [id*="/${start}"]`).first().getAttribute("id");
}
