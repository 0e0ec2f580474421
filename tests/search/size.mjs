// How large the search index of a site is beside that of mdBook for the same pages. mdBook's search is elasticlunr: the
// npm package of that name builds the index here as mdBook 0.4 does: one document for each heading, with the fields title,
// body and breadcrumbs, stemmed, without English stop words, and with the text kept for excerpts.
//
//   npm install elasticlunr                  somewhere; it is no dependency of the project
//   node tests/search/size.mjs SITE [node_modules/elasticlunr]
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const [site, library = "elasticlunr"] = process.argv.slice(2);
if (!site) {
  console.error("usage: node tests/search/size.mjs SITE [ELASTICLUNR]");
  process.exit(2);
}
const elasticlunr = createRequire(import.meta.url)(library === "elasticlunr" ? library : resolve(library));

const files = readdirSync(join(site, "search")).filter((name) => name !== "navigation.js").map((name) => readFileSync(join(site, "search", name)));
const ours = { plain: sum(files.map((file) => file.length)), packed: sum(files.map((file) => gzipSync(file).length)) };

const index = elasticlunr(function () {
  this.addField("title");
  this.addField("body");
  this.addField("breadcrumbs");
  this.setRef("id");
});
let documents = 0;
const urls = [];
for (const path of readdirSync(site, { recursive: true }).filter((name) => name.endsWith(".html")).sort()) {
  const html = readFileSync(join(site, path), "utf8");
  if (!/<body class="(runbook|page|index)"/.test(html)) continue;
  const title = text(/<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? "");
  const body = html.slice(html.indexOf('<div class="body">'), html.lastIndexOf("</article>"));
  for (const part of body.split(/(?=<h[1-6] id=)/)) {
    const [, anchor, heading] = /^<h[1-6] id="([^"]*)"[^>]*>(.*?)<\/h[1-6]>/s.exec(part) ?? [];
    const name = heading ? text(heading) : title;
    index.addDoc({ id: documents++, title: name, body: text(part.replace(/^<h[1-6].*?<\/h[1-6]>/s, "")), breadcrumbs: `${title} » ${name}` });
    urls.push(`${relative(site, join(site, path))}${anchor ? `#${anchor}` : ""}`);
  }
}
const book = Buffer.from(JSON.stringify({
  doc_urls: urls, index: index.toJSON(),
  results_options: { limit_results: 30, teaser_word_count: 30 },
  search_options: { bool: "OR", expand: true, fields: { body: { boost: 1 }, breadcrumbs: { boost: 1 }, title: { boost: 2 } } },
}));
const theirs = { plain: book.length, packed: gzipSync(book).length };

console.log(`${documents} sections`);
for (const [name, size] of [["this index", ours], ["elasticlunr, as mdBook has it", theirs]]) console.log(`${name}: ${size.plain} bytes, ${size.packed} gzipped`);
console.log(`ratio: ${(ours.plain / theirs.plain).toFixed(3)}, gzipped ${(ours.packed / theirs.packed).toFixed(3)}`);

/** What is read of a piece of HTML. */
function text(html) {
  const plain = html.replace(/<(button|a class="anchor")[^>]*>.*?<\/(button|a)>/gs, "").replace(/<[^>]*>/g, " ");
  return plain.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&").replace(/\s+/g, " ").trim();
}

function sum(numbers) {
  return numbers.reduce((a, b) => a + b, 0);
}
