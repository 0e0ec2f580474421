// What can be measured of how pages look: nothing is wider than its paper or the narrowest window, nothing covers what must
// be read, and whom to call is in reach.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { build, desktop, isWholeBook, launch, newPage, pagesFor, pagesOf, phone, waysTo } from "./site.mjs";

const PAPER = { width: 690, height: 980 }; // A4 less its margins, in CSS pixels
const NARROWEST = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true }; // WCAG 2.2, 1.4.10

const browser = await launch();
const sites = await Promise.all(["fixtures/handbook", "fixtures/faulty"].map(async (source) => {
  const site = build(source);
  const [disk] = await waysTo(site);
  return { source, disk, paths: pagesFor(disk, pagesOf(site)).filter((path) => !isWholeBook(path)) };
}));
const [{ disk: handbook }] = sites;

for (const { source, disk, paths } of sites) {
  for (const [name, options, media] of [["on paper", { viewport: PAPER }, "print"], ["at 320 px", NARROWEST, "screen"]]) {
    test(`${source} fits ${name}`, async () => {
      const page = await newPage(browser, options);
      await page.emulateMedia({ media });
      const wide = [];
      for (const path of paths) {
        await page.goto(disk.url(path));
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > options.viewport.width) wide.push(`${path}: ${width}`);
      }
      assert.deepEqual(wide, []);
      await page.context().close();
    });
  }
}

test("on a telephone whom to call is one tap away, however far one has read", async () => {
  const page = await newPage(browser, phone);
  await page.goto(handbook.url("database-failover.html"));
  await page.evaluate(() => scrollTo(0, 3000));
  const link = page.locator("header .call-link");
  const box = await link.boundingBox();
  assert.ok(box.y >= 0 && box.y + box.height <= phone.viewport.height && box.height >= 44, JSON.stringify(box));
  await link.tap();
  await page.waitForURL(/report\/escalation\.html$/);
  await page.context().close();
});

describe("a copy button that asks for a second press covers no words of the risk", () => {
  for (const [name, options] of [["desktop", { viewport: desktop }], ["telephone", phone]]) {
    test(name, async () => {
      const page = await newPage(browser, options);
      await page.goto(handbook.url("database-failover.html"));
      const block = page.locator('figure.code[data-risk="destructive"]').first();
      const button = block.locator("> [data-copy]");
      const before = await button.boundingBox();
      await button.click();
      assert.equal(await button.getAttribute("data-state"), "armed");
      const [grown, risk] = [await button.boundingBox(), await block.locator("figcaption .risk").boundingBox()];
      assert.ok(risk.y >= grown.y + grown.height || risk.x + risk.width <= grown.x, JSON.stringify({ grown, risk }));
      // The second press meets it where the first did.
      const middle = before.x + before.width / 2;
      assert.ok(grown.x <= middle && middle <= grown.x + grown.width, JSON.stringify({ before, grown }));
      await page.context().close();
    });
  }
});
