// A site under a path of a server, as project pages have it: nothing may point at the server's root.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { build, isFile, launch, listen, newPage, pagesOf, serve, temporaryFolder } from "./site.mjs";

const PATH = "ops/run books/"; // a space, as in the name of a share
const BASE = "https://ops.example/ops/run%20books/";

const root = temporaryFolder();
const site = join(root, PATH);
mkdirSync(dirname(site), { recursive: true });
renameSync(build("fixtures/handbook", BASE), site);
const web = await serve(root);
const prefix = web + encodeURI(PATH);
const pages = pagesOf(site);
const page = await newPage(await launch());

describe("under a path of a server", () => {
  after(() => page.context().close()); // before the folder goes: a page asks for its icon when all else is done

  test("every page and all that it loads and links is under that path", async () => {
    const heard = listen(page);
    const faults = [];
    for (const path of pages) {
      await page.goto(prefix + encodeURI(path));
      const addresses = await page.evaluate(() => [...document.querySelectorAll("[href], [src]")].map((element) => element.href || element.src));
      for (const address of new Set(addresses)) {
        if (!address.startsWith(web)) continue;
        const file = decodeURIComponent(new URL(address).pathname).slice(1);
        if (!file.startsWith(PATH) || !isFile(join(root, file))) faults.push(`${path}: ${address}`);
      }
    }
    assert.deepEqual([...faults, ...heard.problems], []);
    assert.deepEqual(heard.requests.filter((address) => !address.startsWith(prefix)), []);
  });

  test("the page for an unknown address leads home from any depth", async () => {
    const lost = prefix + "gone/deep/page.html";
    await page.route(lost, (route) => route.fulfill({ status: 404, contentType: "text/html", body: readFileSync(join(site, "404.html")) }));
    await page.goto(lost);
    await page.locator("main a").first().click();
    assert.ok(page.url().startsWith(prefix) && !page.url().includes("gone"), page.url());
    assert.equal(await page.locator("main h1").count(), 1);
  });

  test("the search leads to a page under it", async () => {
    await page.goto(prefix + "reference/" + encodeURI(pages.find((path) => path.startsWith("reference/")).slice("reference/".length)));
    await page.keyboard.press("/");
    await page.keyboard.type("failover");
    await page.locator("a[data-search-hit]").first().click();
    await page.waitForURL(prefix + "database-failover.html*");
  });

  test("canonical addresses and the site map hold the base URL", () => {
    for (const path of pages.filter((path) => !["404.html", "offline.html"].includes(path))) {
      const html = readFileSync(join(site, path), "utf8");
      const canonical = html.match(/rel="canonical" href="([^"]*)"/)?.[1];
      assert.ok(canonical?.startsWith(BASE), `${path}: ${canonical}`);
    }
    const listed = [...readFileSync(join(site, "sitemap.xml"), "utf8").matchAll(/<loc>([^<]*)</g)].map((found) => found[1]);
    assert.ok(listed.length > 0);
    assert.deepEqual(listed.filter((address) => !address.startsWith(BASE)), []);
  });
});
