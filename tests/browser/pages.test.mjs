// Every page of the demo handbook: quiet, self-contained, well linked and well formed, from disk and over HTTP.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { build, desktop, isFile, isWholeBook, launch, listen, newPage, pagesFor, pagesOf, phone, reportOf, unfoldNavigation, waysTo } from "./site.mjs";

const site = build("fixtures/handbook");
const pages = pagesOf(site);
const browser = await launch();

for (const way of await waysTo(site)) {
  describe(`every page, ${way.name}`, async () => {
    const seen = new Map();
    const page = await newPage(browser);
    const heard = listen(page);
    for (const path of pagesFor(way, pages)) seen.set(path, await visit(page, heard, way, path));

    test("the demo has pages of each kind", () => {
      const kinds = new Set([...seen.values()].map((page) => page.kind));
      for (const kind of ["index", "runbook", "page", "report"]) assert.ok(kinds.has(kind), `no page of kind ${kind}`);
      assert.equal([...seen.values()].filter((page) => page.kind === "runbook").length, reportOf(site).summary.runbooks);
    });

    each("says nothing on the console and throws nothing", (page) => page.problems);

    each("asks for nothing outside the site", (page) =>
      page.requests.filter((url) => !url.startsWith(way.prefix) && !/^(data|blob):/.test(url)));

    each("links only to files of the site that exist", (page) => page.links.flatMap((link) => {
      const { target, outside } = resolve(way, link);
      return outside || isFile(join(site, target)) ? [] : [`${link.html} leads to no file (${target || "the site's folder"})`];
    }));

    each("links only to fragments that exist", (page) => page.links.flatMap((link) => {
      const { target, fragment, outside } = resolve(way, link);
      if (outside || fragment === null || !seen.has(target)) return [];
      return seen.get(target).ids.includes(fragment) ? [] : [`${link.html} leads to no id “${fragment}” in ${target}`];
    }));

    each("writes its links relative", (page, path) => path === "404.html" ? [] : page.links
      .filter((link) => !resolve(way, link).outside && /^([a-z]+:|\/)/i.test(link.value))
      .map((link) => link.html));

    each("uses each id once", (page) => page.ids.filter((id, i) => page.ids.indexOf(id) !== i));

    each("has one h1, and it is the first heading of the main part", (page, path) => {
      if (isWholeBook(path)) return [];
      const problems = page.h1 === 1 ? [] : [`${page.h1} h1`];
      return page.headings[0]?.level === 1 ? problems : [...problems, "the main part does not begin with the h1"];
    });

    each("skips no heading level", (page, path) => {
      if (isWholeBook(path) || isSkipKnown(path)) return [];
      return page.headings.filter(({ level }, i) => i > 0 && level > page.headings[i - 1].level + 1).map(({ level, text }) => `h${level} ${text}`);
    });

    // What is not shown is not loaded, so the pictures of the whole handbook are asked for in offline.test.mjs.
    each("gives each image a text", (page, path) => isWholeBook(path) ? [] : page.silentImages);

    each("has its landmarks, each navigation named apart", (page, path) => {
      if (isWholeBook(path)) return [];
      const names = page.navigations;
      return [
        ...Object.entries(page.landmarks).filter(([, count]) => count !== 1).map(([name, count]) => `${count} × ${name}`),
        ...names.filter((name, i) => !name || names.indexOf(name) !== i).map((name) => `navigation “${name}”`),
        ...(page.language ? [] : ["no language"]),
      ];
    });

    each("fits a telephone's width", (page) => page.tooWide);

    test("each page has a title of its own", () => {
      const titles = [...seen.values()].map((page) => page.title);
      assert.deepEqual(titles.filter((title, i) => !title || titles.indexOf(title) !== i), []);
    });

    /** A test that `find` finds nothing to complain of on any page. */
    function each(name, find) {
      test(name, () => {
        const complaints = [...seen.keys()].flatMap((path) => find(seen.get(path), path).map((complaint) => `${path}: ${complaint}`));
        assert.equal(complaints.length, 0, `\n${complaints.join("\n")}`);
      });
    }
  });
}

/** Everything that the tests ask of a page. */
async function visit(page, heard, way, path) {
  Object.assign(heard, { problems: [], requests: [] });
  await page.setViewportSize(desktop);
  await page.goto(way.url(path));
  await unfoldNavigation(page);
  const read = await page.evaluate(readPage);
  await page.setViewportSize(phone.viewport);
  return { ...heard, ...read, tooWide: await page.evaluate(readOverflow) };
}

// Runs in the page.
function readPage() {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const name = (element) => element.getAttribute("aria-label") ?? document.getElementById(element.getAttribute("aria-labelledby"))?.textContent ?? "";
  const links = ["href", "src", "data", "poster", "action"].flatMap((attribute) => all(`[${attribute}]:not(link[rel=canonical])`).map((element) => ({ // the canonical address is a whole one
    html: `${element.cloneNode().outerHTML} “${element.textContent.trim().slice(0, 40)}”`,
    value: element.getAttribute(attribute),
    url: new URL(element.getAttribute(attribute), document.baseURI).href,
    isAnchor: element.localName === "a",
  })));
  return {
    links,
    kind: document.body.className,
    title: document.title,
    language: document.documentElement.lang,
    ids: all("[id]").map((element) => element.id),
    h1: all("h1").length,
    headings: all("main :is(h1, h2, h3, h4, h5, h6)").map((heading) => ({ level: Number(heading.localName[1]), text: heading.textContent })),
    silentImages: all("img").filter((image) => !image.alt.trim() || !image.complete || image.naturalWidth === 0).map((image) => image.outerHTML),
    landmarks: Object.fromEntries(["body > header", "main", "body > footer", "[role=search]"].map((part) => [part, all(part).length])),
    navigations: all("nav").map(name),
  };
}

// Runs in the page. What is cut off at the window's edge cannot be scrolled to either.
function readOverflow() {
  const { scrollWidth, clientWidth } = document.documentElement;
  const isCut = [document.documentElement, document.body].some((part) => ["hidden", "clip"].includes(getComputedStyle(part).overflowX));
  if (isCut) return ["html or body cuts off what is too wide"];
  if (scrollWidth <= clientWidth) return [];
  const wide = [...document.querySelectorAll("main *")].filter((part) => part.getBoundingClientRect().right > clientWidth + 1);
  return [`${scrollWidth} px, because of ${wide.slice(0, 3).map((part) => part.cloneNode().outerHTML).join(", ")}`];
}

/** Where a link goes: a path in the site and a fragment or null, or outside. Only anchors may lead outside. */
function resolve(way, link) {
  if (!link.isAnchor && link.value.startsWith("data:image/")) return { outside: true, target: "data:", fragment: null };
  if (!link.url.startsWith(way.prefix)) return { outside: link.isAnchor && /^(https?|mailto|tel|sms|slack|msteams):/.test(link.url), target: link.url, fragment: null };
  const url = new URL(link.url);
  const [target, fragment] = [url.href.slice(way.prefix.length).replace(/[?#].*$/s, ""), link.value.includes("#") ? url.hash.slice(1) : null];
  return { outside: false, target: decodeURIComponent(target), fragment: fragment === null ? null : decodeURIComponent(fragment) };
}

/** Whether the handbook itself skips a level there, as the linter says. */
function isSkipKnown(path) {
  const source = (name) => name.replace(/\.html\.md$|\.md$|\.markdown$/, ".html");
  return reportOf(site).diagnostics.some((finding) => finding.rule === "skipped-heading-level" && source(finding.path) === path);
}
