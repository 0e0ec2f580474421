// Asks the built search index of the demo handbook (fixtures/handbook) what an engineer would type.
//
//   runbook-site build fixtures/handbook --out /tmp/site
//   RUNBOOK_SITE_SEARCH_DIR=/tmp/site/search node --test tests/search/
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const folder = process.env.RUNBOOK_SITE_SEARCH_DIR;
const engineFile = join(dirname(fileURLToPath(import.meta.url)), "../../themes/default/assets/search-engine.js");
let search;

before(() => {
  assert.ok(folder, "set RUNBOOK_SITE_SEARCH_DIR to the search/ folder of fixtures/handbook, built by `runbook-site build`");
  search = open();
});

/** The engine with the index as a page loads it: classic scripts, nothing but the global. */
function open() {
  const context = vm.createContext({});
  const run = (file) => vm.runInContext(readFileSync(file, "utf8"), context, { filename: file });
  run(engineFile);
  const engine = context.RunbookSearch;
  engine.loader = async (file) => run(join(folder, "..", file.split("?")[0]));
  run(join(folder, "index.js"));
  return engine;
}

/** A page's path without its extension. */
const page = (hit) => hit.url.replace(/\.\w+$/, "");

async function ask(query, options) {
  return (await search.search(query, options)).hits.map(page);
}

for (const [why, query, expected] of [
  ["an exact title", "Database Failover", "database-failover"],
  ["a title in lower case", "log rotation", "log-rotation"],
  ["words of a title in any order", "rollback release", "release-rollback"],
  ["a file name", "iis-app-pool", "iis-app-pool"],
  ["a compound written apart", "fail over database", "database-failover"],
  ["two words written as one", "logrotation", "log-rotation"],
  ["a prefix of the last word", "certificate ren", "certificate-renewal"],
  ["a question", "how do i scale for an event", "scaling-for-events"],
  ["another form of a word", "rotating logs", "log-rotation"],
  ["two letters transposed", "databsae failover", "database-failover"],
  ["a letter missing", "certficate renewal", "certificate-renewal"],
  ["a wrong first letter", "qertificate renewal", "certificate-renewal"],
  ["a word of the body", "pgbouncer primary", "database-failover"],
]) {
  test(`finds ${why}: ${query}`, async () => assert.equal((await ask(query))[0], expected));
}

test("a typing error finds the same page as the word", async () => {
  const answer = await search.search("terrafrom state");
  assert.equal(page(answer.hits[0]), "terraform-state-repair");
  assert.deepEqual(JSON.parse(JSON.stringify(answer.readAs)), [{ typed: "terrafrom", read: "terraform" }]);
});

test("a page that answers all words comes before one that answers some", async () => {
  const hits = await ask("vacuum database");
  assert.equal(hits[0], "database-vacuum");
  assert.ok(hits.indexOf("database-failover") !== 0);
});

test("a match in a step leads to the step", async () => {
  const [hit] = (await search.search("fence old primary")).hits;
  assert.equal(page(hit), "database-failover");
  assert.match(hit.heading, /Fence the old primary/);
  assert.ok(hit.anchor, "the hit has an anchor");
  assert.notEqual(hit.kind, "title");
});

test("a command is found, and its snippet marks the words", async () => {
  const answer = await search.search("pg_isready");
  const hit = [...answer.hits, ...answer.places].find((hit) => hit.kind === "command");
  assert.equal(hit && page(hit), "database-failover");
  const pieces = await search.snippet(hit, answer.words);
  assert.ok(pieces.some((piece) => piece.marked && piece.text === "pg_isready"), JSON.stringify(pieces));
});

test("each page is one hit", async () => {
  const hits = await ask("step");
  assert.equal(new Set(hits).size, hits.length);
});

test("no result says which known words are near", async () => {
  const answer = await search.search("certxyficatq");
  assert.equal(answer.total, 0);
  const known = search.suggest("certxyficatq").map((word) => word.known);
  assert.ok(known.includes("certificate"), known.join());
});

test("filters narrow the answer to their value", async () => {
  for (const [name, values] of Object.entries(search.facets())) {
    const all = (await search.search("the runbook")).total;
    const some = (await search.search("the runbook", { filters: { [name]: values[0] } })).total;
    assert.ok(some <= all, name);
    assert.ok((await search.search("", { filters: { [name]: values[0] } })).total > 0, `${name} ${values[0]} has pages`);
  }
});

test("words are read as the builder reads them", () => {
  const read = (text) => search.tokens(text).map((word) => [word.whole, ...word.parts.map((part) => part.text)].join(" "));
  assert.deepEqual([...read("KubePodCrashLooping")], ["kubepodcrashlooping kube pod crash looping"]);
  assert.deepEqual([...read("NodeRAIDDegraded VMs")], ["noderaiddegraded node raid degraded", " vms"]);
  assert.deepEqual([...read("rotating-rds.credentials")], ["rotatingrdscredentials rotating rds credentials"]);
  assert.deepEqual([...read("Überprüfung Straße Всё")], [" uberprufung", " strasse", " все"]);
  assert.deepEqual([...read("重启etcd")], [" 重启", " etcd"]);
});

test("a pasted page of text does not freeze the search", async () => {
  const start = performance.now();
  await search.search("kubectl get pods of everything ".repeat(2000));
  await search.search("x".repeat(100000));
  assert.ok(performance.now() - start < 1000);
});
