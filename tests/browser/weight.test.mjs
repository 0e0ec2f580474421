// A page is light and stands still: what it loads, whether anything moves while it loads, and what Lighthouse says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as chromeLauncher from "chrome-launcher";
import lighthouse from "lighthouse";
import { build, desktop, executable, launch, newPage, pagesOf, phone, serve, waysTo } from "./site.mjs";

const MOST = 60 * 1024; // bytes, gzipped, that a runbook's page loads in all

const site = build("fixtures/handbook");
const browser = await launch();
const [disk, web] = await waysTo(site);
const local = await serve(site, "localhost"); // counts as secure, which a name on plain http does not

/** The first page of each kind, and every page that is made beside those of documents. */
const kinds = Object.values(Object.fromEntries(pagesOf(site).reverse().map((path) => {
  const kind = /<body class="([^"]*)"/.exec(readFileSync(join(site, path), "utf8"))?.[1] ?? "none";
  return [path.startsWith("report/") ? path : kind, path];
}))).filter((path) => path !== "offline.html" && !isRedirect(path));
const runbooks = pagesOf(site).filter((path) => /<body class="runbook\b/.test(readFileSync(join(site, path), "utf8")));

describe("weight", () => {
  test(`a runbook's page loads at most ${MOST / 1024} kB`, async () => {
    const page = await newPage(browser);
    const heavy = [];
    for (const path of runbooks) {
      const loaded = new Set();
      const listener = (request) => loaded.add(request.url());
      page.on("request", listener);
      await page.goto(disk.url(path), { waitUntil: "load" });
      page.off("request", listener);
      const files = [...loaded].filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url.split(/[?#]/)[0]));
      assert.ok(files.length > 3, `${path} loads its scripts and styles`);
      assert.deepEqual(files.filter((file) => file.startsWith(join(site, "search"))), [], `${path} loads no index before somebody searches`);
      const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
      if (bytes > MOST) heavy.push(`${path}: ${bytes}`);
    }
    assert.deepEqual(heavy, []);
    await page.context().close();
  });
});

describe("nothing moves while a page loads", () => {
  for (const [name, options] of [["wide", { viewport: { ...desktop, width: 1440 } }], ["middle", { viewport: { ...desktop, width: 1024 } }], ["telephone", phone]]) {
    test(name, async () => {
      const page = await newPage(browser, options);
      await page.addInitScript(() => {
        globalThis.shifts = [];
        new PerformanceObserver((list) => {
          for (const shift of list.getEntries()) {
            const moved = shift.sources.map(({ node }) => (node instanceof Element ? node : node?.parentElement)?.outerHTML.slice(0, 120));
            globalThis.shifts.push(`${shift.value.toFixed(4)} ${moved.join(" | ")}`);
          }
        }).observe({ type: "layout-shift", buffered: true });
      });
      const moving = [];
      for (const path of kinds) {
        await page.goto(web.url(path), { waitUntil: "load" });
        // Two frames later all that scripts do at first is drawn.
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        const shifts = await page.evaluate(() => globalThis.shifts);
        moving.push(...shifts.map((shift) => `${path}: ${shift}`));
      }
      assert.deepEqual(moving, []);
      await page.context().close();
    });
  }
});

describe("Lighthouse", () => {
  const LEAST = 0.95;
  const formats = {
    telephone: undefined,
    desktop: {
      extends: "lighthouse:default",
      settings: {
        formFactor: "desktop",
        screenEmulation: { mobile: false, width: 1350, height: 940, deviceScaleFactor: 1, disabled: false },
        throttling: { rttMs: 40, throughputKbps: 10240, cpuSlowdownMultiplier: 1 },
      },
    },
  };
  let chrome;
  after(() => chrome?.kill());

  for (const [name, config] of Object.entries(formats)) {
    for (const path of ["index.html", "database-failover.html", "report/index.html"]) {
      test(`${path}, ${name}`, async () => {
        chrome ??= await chromeLauncher.launch({ chromePath: executable(), chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu"] });
        // A busy machine makes a page seem slow: what counts is the best of a few.
        let low;
        for (let turn = 0; turn < 3 && low?.length !== 0; turn++) {
          const { lhr } = await lighthouse(local + path, { port: chrome.port, output: "json", logLevel: "error" }, config);
          assert.equal(lhr.runtimeError?.message, undefined);
          low = Object.values(lhr.categories).filter(({ score }) => score < LEAST).map((category) => {
            const causes = category.auditRefs.map(({ id }) => lhr.audits[id]).filter(({ score }) => score !== null && score < 1);
            return `${category.id} ${category.score}: ${causes.map(({ id, displayValue = "" }) => `${id} ${displayValue}`).join(", ")}`;
          });
        }
        assert.deepEqual(low, []);
      });
    }
  }
});

function isRedirect(path) {
  return readFileSync(join(site, path), "utf8").includes("http-equiv=\"refresh\"");
}
