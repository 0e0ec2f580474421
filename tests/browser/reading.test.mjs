// What a reader does on a page: copies commands, changes the theme, opens the menu on a telephone, reads without scripts.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { build, launch, newPage, pagesFor, pagesOf, phone, repository, temporaryFolder, waysTo } from "./site.mjs";

const site = build("fixtures/handbook");
const prompts = build(handbookWithPrompts());
const browser = await launch();
const opened = new Map();

const plain = {};
const dark = { colorScheme: "dark" };
const unscripted = { javaScriptEnabled: false };
const unscriptedPhone = { ...phone, ...unscripted };

const runbooks = pagesOf(site).filter((path) => readFileSync(join(site, path), "utf8").includes('<body class="runbook">'));

for (const way of await waysTo(site)) {
  describe(`reading, ${way.name}`, () => {
    const at = (path, options, body) => async () => {
      const page = await pageWith(options);
      await page.goto(way.url(path));
      await body(page);
    };

    for (const path of ["security-containment.html", "troubleshooting/high-latency.html"]) {
      test(`each block of commands is copied as the source has it, and no output: ${path}`, at(path, plain, async (page) => {
        const blocks = fencedBlocks(join(repository, "fixtures/handbook", path.replace(/html$/, "md")));
        assert.ok(blocks.length > 3);
        assert.deepEqual(await copyAll(page), blocks);
      }));
    }

    test("a copy button says that it copied", at("database-failover.html", plain, async (page) => {
      const button = page.locator("button[data-copy]").first();
      const before = await button.innerText();
      await button.click();
      await page.waitForFunction((before) => document.querySelector("button[data-copy]").innerText !== before, before);
      assert.match(await button.innerText(), /copied/i);
      await page.locator("[role=status]", { hasText: "Copied" }).waitFor({ state: "attached" });
    }));

    test("the theme switch changes the colours, and the choice outlives a reload and a change of page", at("index.html", dark, async (page) => {
      const isLight = () => page.evaluate(() => {
        const ink = document.createElement("canvas").getContext("2d"); // reads any notation of a colour
        ink.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
        ink.fillRect(0, 0, 1, 1);
        const [red, green, blue, opacity] = ink.getImageData(0, 0, 1, 1).data;
        return opacity === 255 && red + green + blue > 382;
      });
      assert.equal(await isLight(), false, "dark, as the system says");
      await page.locator("[data-theme-toggle]").click();
      assert.equal(await isLight(), true, "light after the switch");
      await page.reload();
      assert.equal(await isLight(), true, "light after a reload");
      await page.goto(way.url("troubleshooting/disk-full.html"));
      assert.equal(await isLight(), true, "light on another page");
      assert.match(await page.locator("[data-theme-toggle]").innerText(), /light/i);
      await page.locator("[data-theme-toggle]").click();
      assert.equal(await isLight(), false, "dark after another switch");
    }));

    for (const path of pagesFor(way, ["index.html", "troubleshooting/disk-full.html", "404.html"])) {
      test(`the menu of a telephone lists every runbook, and Escape closes it: ${path}`, at(path, phone, async (page) => {
        const menu = page.locator("#site-navigation");
        assert.equal(await menu.isVisible(), false, "closed at first");
        await page.getByRole("button", { name: "Menu" }).tap();
        await menu.waitFor();
        await page.locator("details[data-navigation] > summary").tap();
        const groups = page.locator("[data-navigation-list] > details");
        await groups.first().waitFor();
        for (const group of await groups.all()) {
          if (!await group.evaluate((details) => details.open)) await group.locator("summary").tap();
          await group.locator("a").first().waitFor();
        }
        const links = await page.locator("[data-navigation-list] a:visible").evaluateAll((links) => links.map((link) => link.href));
        assert.deepEqual(runbooks.map(way.url).filter((url) => !links.includes(url)), [], "runbooks that the menu lacks");
        await page.keyboard.press("Escape");
        await menu.waitFor({ state: "hidden" });
        assert.ok(await page.getByRole("button", { name: "Menu" }).evaluate((button) => button === document.activeElement), "the focus is back");
      }));
    }

    test("without scripts the text, the navigation and the links are there, and no dead control", at("troubleshooting/high-latency.html", unscripted, async (page) => {
      assert.match(await page.locator("main").innerText(), /Find the layer that makes fare-api slow/);
      assert.deepEqual(await page.locator("button:visible, input[type=search]:visible").count(), 0, "controls that do nothing");
      const side = page.locator("#site-navigation");
      assert.ok(await side.locator("a:visible").count() >= 5, "the runbooks of the category are listed");
      await side.getByRole("link", { name: "Disk of a node is full" }).click();
      assert.equal(page.url(), way.url("troubleshooting/disk-full.html"));
      await side.getByRole("link", { name: "All runbooks" }).click();
      const links = await page.locator("main a[href]").evaluateAll((links) => links.map((link) => link.href));
      assert.deepEqual(runbooks.map(way.url).filter((url) => !links.includes(url)), [], "runbooks that the index lacks");
    }));

    test("without scripts a telephone's menu leads to the navigation", at("index.html", unscriptedPhone, async (page) => {
      await page.getByRole("link", { name: "Menu" }).tap();
      const link = page.locator("#site-navigation a").first();
      await link.waitFor();
      assert.ok((await link.boundingBox()).y < phone.viewport.height, "it is in the window");
    }));

    test("a placeholder in a sentence is text that one sees", at("security-containment.html", plain, async (page) => {
      assert.match(await page.locator("main").innerText(), /Replace <pod-name> by the suspicious pod/);
    }));
  });
}

for (const way of await waysTo(prompts)) {
  test(`prompts and output are not copied, ${way.name}`, async () => {
    const page = await pageWith(plain);
    await page.goto(way.url("restart.html"));
    assert.deepEqual(await copyAll(page), [
      "systemctl restart gate\nsystemctl status gate",
      "echo \"$ 5 & <more>\"",
      "kubectl get pods \\\n  --all-namespaces",
    ]);
  });
}

/** One page for each set of options. */
async function pageWith(options) {
  if (!opened.has(options)) opened.set(options, await newPage(browser, options));
  return opened.get(options);
}

function handbookWithPrompts() {
  const folder = temporaryFolder();
  const block = (...lines) => ["```console", ...lines, "```", ""].join("\n");
  writeFileSync(join(folder, "restart.md"), [
    "# Restart the gate", "", "## Procedure", "", "### Step 1: Restart", "",
    block("$ systemctl restart gate", "$ systemctl status gate", "gate.service: active (running)"),
    block("$ echo \"$ 5 & <more>\"", "5 & <more>"),
    block("$ kubectl get pods \\", ">   --all-namespaces", "NAME   READY"),
  ].join("\n"));
  return folder;
}

/** What the copy buttons of a page copy: each is clicked, twice where its command destroys, and the clipboard pasted into a text area. */
async function copyAll(page) {
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("textarea"), { id: "paper" })));
  const paper = page.locator("#paper");
  const copied = [];
  for (const button of await page.locator("figure > button[data-copy]").all()) {
    await button.click();
    if (await button.getAttribute("data-state") === "armed") {
      await page.waitForTimeout(450); // the guard against a double click is time itself
      await button.click();
    }
    await button.and(page.locator("[data-state=done], [data-state=warned]")).waitFor();
    await paper.fill("");
    await paper.press("ControlOrMeta+V");
    copied.push(await paper.inputValue());
  }
  return copied;
}

/** The commands in the fenced code blocks of a Markdown file, read without the program under test. `text` is output. */
function fencedBlocks(path) {
  const fences = readFileSync(path, "utf8").matchAll(/^( *)```(?!text)(\w+)\n(.*?)\n\1```$/gms);
  return [...fences].map(([, indent, , text]) => text.split("\n").map((line) => line.slice(indent.length)).join("\n"));
}
