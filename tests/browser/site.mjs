// What the browser tests share: building a site, opening it in Chromium from disk and over HTTP, reading its pages.
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, extname, join, relative, sep } from "node:path";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createGzip } from "node:zlib";
import { chromium } from "playwright-core";

export const repository = fileURLToPath(new URL("../../", import.meta.url));

// A name instead of 127.0.0.1: loopback is a secure context, and an intranet's plain http is not.
const HOST = "handbook.test";

// Fails a wait long before node's own limit, with playwright's word on what it waited for.
const PATIENCE = 8000; // milliseconds

/** Builds the site of a source folder, which may be relative to the repository, into a temporary folder. */
export function build(source, baseUrl = `http://${HOST}/`) {
  const binary = process.env.RUNBOOK_SITE;
  if (!binary) {
    throw new Error("set RUNBOOK_SITE to the program to test, such as target/release/runbook-site, or run tests/run browser");
  }
  const folder = temporaryFolder();
  const out = join(folder, "the site"); // a space, as in many a home folder
  execFileSync(binary, ["build", source, "--out", out, "--base-url", baseUrl], { cwd: repository, stdio: ["ignore", "ignore", "pipe"] });
  return out;
}

/** A folder that is gone when the tests have run. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "runbook-site-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A fresh headless Chromium: $CHROMIUM, or the first one on PATH. Outside of tests, the caller closes it. */
export async function launch({ atEnd = after } = {}) {
  const browser = await chromium.launch({
    executablePath: executable(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", `--host-resolver-rules=MAP ${HOST} 127.0.0.1`],
  });
  atEnd(() => browser.close());
  return browser;
}

/** The program of the browser. */
export function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const found = process.env.PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  if (!found) throw new Error("no Chromium on PATH: install it, or set CHROMIUM to its program");
  return found;
}

/** The two ways in which people open a site, each `{name, prefix, url(path)}`. */
export async function waysTo(folder) {
  const disk = pathToFileURL(folder + sep).href;
  const web = await serve(folder);
  return [
    { name: "file://", prefix: disk, url: (path) => disk + encodeURI(path) },
    { name: "http://", prefix: web, url: (path) => web + encodeURI(path) },
  ];
}

const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
  ".json": "application/json", ".png": "image/png", ".txt": "text/plain", ".xml": "application/xml",
};

/** Serves a folder's files and nothing else: no index pages, since no link may need them. */
export async function serve(folder, host = HOST) {
  const server = createServer((request, response) => {
    const path = join(folder, decodeURIComponent(new URL(request.url, "http://x").pathname));
    if (!isFile(path)) return response.writeHead(404).end("not found");
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", "content-encoding": "gzip" });
    createReadStream(path).pipe(createGzip()).pipe(response);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  server.unref();
  after(() => { server.closeAllConnections(); server.close(); });
  return `http://${host}:${server.address().port}/`;
}

export function isFile(path) {
  return existsSync(path) && statSync(path).isFile();
}

/** The paths of a site's HTML files, with `/`, sorted. */
export function pagesOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && extname(entry.name) === ".html");
  return files.map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join("/")).sort();
}

/** The pages that can be opened in a way: the error page is a server's, its links start at the host's root. */
export function pagesFor(way, pages) {
  return way.name === "http://" ? pages : pages.filter((path) => path !== "404.html");
}

/** The whole handbook in one file, which has no menus and no single title. */
export function isWholeBook(path) {
  return path === "offline.html" || path === "print.html";
}

export function reportOf(folder) {
  return JSON.parse(readFileSync(join(folder, "report/report.json"), "utf8"));
}

/**
 * A page in a context of its own. A run of tests shares one, each test opening the address it needs: that is several times
 * as quick as a new context each.
 */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: desktop, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(PATIENCE);
  return context.newPage();
}

export const desktop = { width: 1280, height: 900 };

/** A telephone: the narrowest screen that pages must fit. */
export const phone = { viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true };

/** Collects what a page says on its console, throws, and asks for. */
export function listen(page) {
  const heard = { problems: [], requests: [] };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) heard.problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => heard.problems.push(`thrown: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") heard.problems.push(`failed: ${request.url()} ${reason}`); // aborted: the test left the page
  });
  page.context().on("request", (request) => heard.requests.push(request.url()));
  return heard;
}

/** Loads the list of all runbooks and unfolds it, since scripts add it only when somebody asks. */
export async function unfoldNavigation(page) {
  if (await page.locator("details[data-navigation]").count() === 0) return;
  await page.evaluate(() => { document.querySelector("details[data-navigation]").open = true; });
  await page.waitForFunction(() => document.querySelector("[data-navigation-list]:not([aria-busy]) details"));
  await page.evaluate(() => document.querySelectorAll("[data-navigation-list] details").forEach((group) => { group.open = true; }));
  await page.waitForFunction(() => [...document.querySelectorAll("[data-navigation-list] details")].every((group) => group.querySelector("li a")));
}
