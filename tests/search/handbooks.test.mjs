// Asks real handbooks what their engineers would type. The handbooks are optional: they stand in `../shared/corpora` or
// where RUNBOOK_SITE_CORPORA says, one folder each, and what is not there is skipped.
//
//   RUNBOOK_SITE=target/debug/runbook-site node --test tests/search/handbooks.test.mjs
//   RUNBOOK_SITE=… node tests/search/handbooks.test.mjs QUERY CORPUS     prints the answer to one query
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { open } from "./engine.mjs";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const corpora = process.env.RUNBOOK_SITE_CORPORA ?? join(repository, "../shared/corpora");
const lists = [fileURLToPath(new URL("queries.jsonl", import.meta.url)), join(corpora, "../eval/search.jsonl")];

// Of all queries, how many must have an expected page first, and among the first three.
const FIRST = 0.8, TOP_THREE = 0.95;

const folder = mkdtempSync(join(tmpdir(), "runbook-site-search-"));
const engines = new Map();

function engineOf(corpus) {
  if (!engines.has(corpus)) {
    const site = join(folder, corpus);
    execFileSync(process.env.RUNBOOK_SITE, ["build", join(corpora, corpus), "--out", site, "-q"], { cwd: repository, stdio: "ignore" });
    engines.set(corpus, open(site));
  }
  return engines.get(corpus);
}

/** Where a source document stands on the site. */
function urlOf(source) {
  const url = source.replace(/(\.html)?\.(md|markdown)$/, ".html");
  return url.replace(/(^|\/)README\.html$/, "$1index.html");
}

async function placeOf({ corpus, query, expect }) {
  const { hits } = await engineOf(corpus).search(query);
  const urls = hits.map((hit) => hit.url);
  return { place: urls.findIndex((url) => expect.map(urlOf).includes(url)) + 1, urls };
}

function queriesOf(list) {
  const lines = readFileSync(list, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return lines.filter(({ corpus }) => existsSync(join(corpora, corpus)));
}

const [query, corpus] = process.argv.slice(2);
if (corpus) {
  const answer = await engineOf(corpus).search(query);
  for (const hit of [...answer.hits, null, ...answer.places]) console.log(hit ? `${hit.kind}\t${hit.url}#${hit.anchor ?? ""}\t${hit.title} › ${hit.heading}` : "---");
  rmSync(folder, { recursive: true });
} else {
  after(() => rmSync(folder, { recursive: true, force: true }));
  for (const list of lists) {
    const queries = existsSync(list) ? queriesOf(list) : [];
    const skip = !process.env.RUNBOOK_SITE ? "set RUNBOOK_SITE to the program" : queries.length === 0 ? "the handbooks are not here" : false;
    test(`finds what is asked for in ${list.split("/").pop()}`, { skip }, async (t) => {
      let first = 0, topThree = 0;
      for (const asked of queries) {
        const { place, urls } = await placeOf(asked);
        if (place === 1) first++;
        if (place >= 1 && place <= 3) topThree++;
        if (place !== 1) t.diagnostic(`${place || "nowhere"}: “${asked.query}” (${asked.kind}) in ${asked.corpus}: ${urls.slice(0, 3).join(", ")}`);
      }
      t.diagnostic(`${queries.length} queries: first ${first}, among the first three ${topThree}`);
      assert.ok(topThree >= TOP_THREE * queries.length, `${topThree} of ${queries.length} among the first three`);
      assert.ok(first >= FIRST * queries.length, `${first} of ${queries.length} first`);
    });
  }
}
