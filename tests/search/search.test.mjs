// Asks the built search index of the demo handbook (fixtures/handbook) what an engineer would type.
//
//   runbook-site build fixtures/handbook --out /tmp/site
//   RUNBOOK_SITE_SEARCH_DIR=/tmp/site/search node --test tests/search/
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { open } from "./engine.mjs";

const folder = process.env.RUNBOOK_SITE_SEARCH_DIR;
let search;

before(() => {
  assert.ok(folder, "set RUNBOOK_SITE_SEARCH_DIR to the search/ folder of fixtures/handbook, built by `runbook-site build`");
  search = open(join(folder, ".."));
});

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
  ["three words written as one", "terraformstaterepair", "terraform-state-repair"],
  ["a word people use for another", "db vacuum", "database-vacuum"],
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

test("filters narrow the answer to the pages of their value", async () => {
  for (const [name, values] of Object.entries(search.facets())) {
    for (const value of values) {
      const filters = { [name]: value };
      const pages = await ask("", { filters, most: 100 });
      const found = await ask("the runbook", { filters, most: 100 });
      assert.ok(pages.length > 0, `${name} ${value} has pages`);
      assert.ok(found.every((hit) => pages.includes(hit)), `${name} ${value}: ${found.join()} of ${pages.join()}`);
    }
  }
});

test("the risk of a page is the worst of its commands", async () => {
  assert.deepEqual([...search.facets().risk], ["destructive", "disruptive"]);
  const destructive = (await search.search("", { filters: { risk: "destructive" }, most: 100 })).hits.map(page);
  const disruptive = (await search.search("", { filters: { risk: "disruptive" }, most: 100 })).hits.map(page);
  assert.ok(destructive.includes("database-failover"), destructive.join());
  assert.ok(disruptive.length > 0 && !disruptive.some((path) => destructive.includes(path)), disruptive.join());
});

test("what a command prints is text and no command", async () => {
  const { hits, places } = await search.search("no response");
  assert.equal(page(hits[0]), "database-failover");
  assert.ok([...hits, ...places].every((hit) => hit.kind !== "command"), JSON.stringify(places));
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
