// What a reader does with a runbook: copies its commands, fills in its places, ticks its steps, runs it, keeps the log.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import axe from "axe-core";
import { build, launch, newPage, phone, temporaryFolder, waysTo } from "./site.mjs";
import "../../themes/default/assets/quote.js";
import "../../themes/default/assets/run-log.js";

const { quote, refusal, isSecret } = globalThis.RunbookQuote;
const { markdown, compare, fileName } = globalThis.RunbookRunLog;

// All that is awaited comes before the first test: once the tests known so far have run, what they share is gone.
const site = build(handbook());
writeFileSync(join(site, "both.html"), inOne("failover.html", "restart.html"));
const browser = await launch();
const ways = await waysTo(site);

// ---- Quoting, without a browser ---------------------------------------------------------------------------------------------

const QUOTED = [
  // value, places, what stands in the command
  ["api-0", "bare", "api-0"],
  ["/var/log/app.log", "bare", "/var/log/app.log"],
  ["user@host:5432", "bare", "user@host:5432"],
  ["50%", "bare", "50%"],
  ["a b", "bare", "'a b'"],
  ["it's", "bare", "'it'\\''s'"],
  ["$HOME", "bare", "'$HOME'"],
  ["`id`", "bare", "'`id`'"],
  ["~", "bare", "'~'"],
  ["*", "bare", "'*'"],
  ["!!", "bare", "'!!'"],
  ["a;b", "bare", "'a;b'"],
  ["a=b", "bare", "'a=b'"],
  ["{a,b}", "bare", "'{a,b}'"],
  ["#x", "bare", "'#x'"],
  ["Zürich", "bare", "'Zürich'"],
  ["-x", "bare", "-x"],
  ["a b", "bare start", "'a b'"],
  ["a b", "single", "a b"],
  ["it's", "single", "it'\\''s"],
  ["$HOME", "single", "$HOME"],
  ["\\", "single", "\\"],
  ["a b", "double", "a b"],
  ["say \"x\"", "double", "say \\\"x\\\""],
  ["$HOME", "double", "\\$HOME"],
  ["`id`", "double", "\\`id\\`"],
  ["a\\b", "double", "a\\\\b"],
  ["wow!", "double", "wow\"'!'\""],
  ["it's", "double", "it's"],
  ["it's\\n", "ansi-c", "it\\'s\\\\n"],
  ["$x", "ansi-c", "$x"],
  ["$x `y` \\z", "heredoc", "\\$x \\`y\\` \\\\z"],
  ["it's \"x\"", "heredoc", "it's \"x\""],
  ["$x `y` 'z'", "literal", "$x `y` 'z'"],
  ["$x", "", "$x"],
  ["a b", "bare bare", "''\\''a b'\\'''"],
  ["a b", "single bare", "'\\''a b'\\''"],
  ["api-0", "single bare", "api-0"],
  ["api-0", "backquote bare start", "api-0"],
  ["a $b", "backquote bare", "'a \\$b'"],
  ["it's", "backquote single", "it'\\\\''s"],
  ["$x", "double bare", "'\\$x'"],
  ["it's", "double single", "it'\\\\''s"],
  ["\"", "single double", "\\\""],
  ["O'Hara", "double sql-single", "O''Hara"],
  ["$5 \"x\"", "double sql-single", "\\$5 \\\"x\\\""],
  ["O'Hara", "single sql-single", "O'\\'''\\''Hara"],
  ["O'Hara", "heredoc sql-single", "O''Hara"],
  ["42", "sql", "42"],
  ["-4.5", "sql", "-4.5"],
  ["orders", "sql", "orders"],
  ["public.orders", "sql", "public.orders"],
  ["order lines", "sql", "'order lines'"],
  ["O'Hara", "sql", "'O''Hara'"],
  ["1 OR 1=1", "sql", "'1 OR 1=1'"],
  ["550e8400-e29b", "sql", "'550e8400-e29b'"],
  ["1; DROP TABLE x", "double sql", "'1; DROP TABLE x'"],
  ["a\"b", "sql-double", "a\"\"b"],
  ["a\"b", "double sql-double", "a\\\"\\\"b"],
  ["C:\\Temp\\x.log", "powershell", "C:\\Temp\\x.log"],
  ["C:\\Program Files", "powershell", "'C:\\Program Files'"],
  ["C:\\Program Files", "powershell joined", "C:\\Program` Files"],
  ["it's", "powershell", "'it''s'"],
  ["$env:X", "powershell", "'$env:X'"],
  ["it’s", "powershell-single", "it’’s"],
  ["it's", "powershell-single", "it''s"],
  ["$x \"y\" `z", "powershell-double", "`$x `\"y`\" ``z"],
  ["a”b", "powershell-double", "a`”b"],
  ["a b", "double powershell-single", "a b"],
  ["a b", "unheard-of", "'a b'"],
];

test("a value is quoted for the place where it goes", () => {
  for (const [value, places, expected] of QUOTED) assert.equal(quote(value, places), expected, `${value} in ${places}`);
});

// What a program is to get, as a person typed it.
const VALUES = ["api-0", "a b", "it's", "\"x\"", "$HOME", "$(id)", "`id`", "\\", "a\\n", "!", "wow!!", "-n", "~", "~root", "*", "a;b|c&d", "#x", "a=b", "{a,b}",
  "<x>", "Zürich 東京", "'\"!$`\\", "\\'", "$'x'", "[a-z]", " a "];

const SCRIPTS = {
  bare: (value) => `printf %s ${value}`,
  single: (value) => `printf %s '${value}'`,
  double: (value) => `printf %s "${value}"`,
  "ansi-c": (value) => `printf %s $'${value}'`,
  heredoc: (value) => `cat <<EOF | head -c -1\n${value}\nEOF`,
  "bare bare": (value) => `eval printf %s ${value}`,
  "single bare": (value) => `sh -c 'printf %s ${value}'`,
  "single single": undefined, // no shell can have it
  "single double": (value) => `sh -c 'printf %s "${value}"'`,
  "double bare": (value) => `sh -c "printf %s ${value}"`,
  "double single": (value) => `sh -c "printf %s '${value}'"`,
  "double double": (value) => `sh -c "printf %s \\"${value}\\""`,
  "single double bare": (value) => `sh -c 'sh -c "printf %s ${value}"'`,
  "backquote bare": (value) => `X=\`printf %sx ${value}\`; printf %s "$X" | head -c -1`,
  "backquote single": (value) => `printf %s "\`printf %sx '${value}'\`" | head -c -1`,
  "backquote double": (value) => `X=\`printf %sx "${value}"\`; printf %s "$X" | head -c -1`,
  "heredoc bare": (value) => `sh <<EOF\nprintf %s ${value}\nEOF`,
};

test("a shell gives every value to the program as it was typed", () => {
  for (const [places, script] of Object.entries(SCRIPTS)) {
    if (!script) continue;
    // One shell for all values: each prints its value, then a mark.
    const whole = VALUES.map((value) => `${script(quote(value, places))}\nprintf '\\001'`).join("\n");
    const printed = execFileSync("bash", ["-c", whole], { encoding: "utf8" }).split("\x01").slice(0, -1);
    assert.deepEqual(printed, VALUES, places);
  }
});

const REFUSED = [
  ["a\nb", [], /line break/],
  ["a\rb", [], /line break/],
  ["a\u2028b", [], /line break/],
  ["a\0b", [], /control character/],
  ["a\x1b[0m", [], /control character/],
  ["a\tb", [], /control character/],
  ["a\u202eb", [], /direction/],
  ["a\u2066b", [], /direction/],
  ["a\u200bb", [], /does not see/],
  ["a\ufeffb", [], /does not see/],
  ["a\u00adb", [], /does not see/],
  ["-rf", ["bare start"], /option/],
  ["-rf", ["double", "single bare start"], /option/],
  ["a\\b", ["double sql-single"], /backslash/],
  ["x".repeat(1001), [], /longer/],
];

test("what would change the command is refused with its reason, and nothing else", () => {
  for (const [value, places, reason] of REFUSED) assert.match(refusal(value, places), reason, JSON.stringify(value));
  for (const [value, places] of [["-rf", ["bare", "double"]], ["-5", ["double sql start"]], ["a\\b", ["bare"]], ["東京 é", ["bare start"]], ["it's $x", ["double"]]]) {
    assert.equal(refusal(value, places), "", value);
  }
});

test("names of secrets are known by their words", () => {
  const names = ["db-password", "dbpassword", "api-token", "key", "ssh-key", "client-secret", "user-pwd"];
  assert.deepEqual(names.filter((name) => !isSecret(name)), []);
  assert.deepEqual(["keyspace", "monkey", "pod-name", "passenger", "bypass-host"].filter(isSecret), []);
});

// ---- The log, without a browser ------------------------------------------------------------------------------------------------

const began = Date.UTC(2026, 10, 25, 3, 10, 0);
const at = (minutes, seconds = 0) => began + minutes * 60000 + seconds * 1000;
const record = {
  version: 1, document: "a/failover.html", title: "Fail <over>", address: "https://x.test/a/failover.html", revision: "3f9c", began, ended: at(42), exported: false,
  estimate: { min: 15, max: 30 }, bands: [{ from: 0, to: 30, roles: "On-call" }, { from: 30, to: 60, roles: "Team Lead" }, { from: 60, to: null, roles: "VP" }],
  steps: [{ key: "one", number: "1", title: "Look", hash: "a" }, { key: "two", number: "2", title: "Fence *it*", hash: "b" }],
  done: { one: at(2, 5) }, notes: { one: { text: "seen\ntwice", at: at(3) } }, values: {},
  events: [{ at: at(1), kind: "copied", key: "one", text: "echo ```\nls" }, { at: at(2, 5), kind: "done", key: "one" }, { at: at(5), kind: "entry", text: "called the DBA" }],
};

test("the log holds all of a run, in UTC", () => {
  assert.equal(markdown(record, at(99)), `# Run of Fail \\<over\\>

- Runbook: Fail \\<over\\> (\`a/failover.html\`, revision \`3f9c\`)
- Address: <https://x.test/a/failover.html>
- Started: 2026-11-25T03:10:00Z
- Finished: 2026-11-25T03:52:00Z
- Elapsed: 42 min (estimate 15–30 min, 12 min over)
- Steps: 1 of 2 done, 1 skipped

## Steps

- [x] Step 1: Look (done 2026-11-25T03:12:05Z, after 2 min)
  - Note (2026-11-25T03:13:00Z): seen
    twice
- [ ] Step 2: Fence \\*it\\* (skipped)

## Log

- 2026-11-25T03:10:00Z Run started
- 2026-11-25T03:10:00Z Escalation from 0 min: On-call
- 2026-11-25T03:11:00Z Copied in Step 1: Look

  \`\`\`\`
  echo \`\`\`
  ls
  \`\`\`\`

- 2026-11-25T03:12:05Z Done: Step 1: Look
- 2026-11-25T03:15:00Z Entry: called the DBA
- 2026-11-25T03:40:00Z Escalation from 30 min: Team Lead
- 2026-11-25T03:52:00Z Run finished
`);
  assert.equal(fileName(record), "run-a-failover-20261125T0310Z.md");
});

test("the steps of a changed runbook are told apart", () => {
  const step = (key, hash) => ({ key, hash, number: "", title: key });
  const { changed, added, removed, moved } = compare([step("a", "1"), step("b", "2"), step("c", "3"), step("d", "4")], [step("a", "1"), step("b", "9"), step("d2", "4"), step("e", "5")]);
  assert.deepEqual([changed, added, removed].map((list) => list.map((entry) => entry.key)), [["b"], ["e"], ["c"]]);
  assert.deepEqual(moved.map(({ from, to }) => [from.key, to.key]), [["d", "d2"]]);
});

// ---- In the browser ----------------------------------------------------------------------------------------------------------------

for (const way of ways) {
  describe(`procedure, ${way.name}`, () => {
    let opened;
    /** A fresh page at an address, in the shared context; storage is emptied first. */
    const on = (path, body) => async () => {
      opened ??= await newPage(browser);
      await opened.goto(way.url("plain.html"));
      await opened.evaluate(() => { localStorage.clear(); sessionStorage.clear(); });
      await opened.goto(way.url(path.split("?")[0]) + (path.includes("?") ? `?${path.split("?")[1]}` : ""));
      await body(opened);
    };

    test("each command and each block is copied as it is to be run", on("restart.html", async (page) => {
      const block = page.locator("figure.code", { hasText: "systemctl restart gate" });
      assert.equal(await copied(page, block.locator("> button[data-copy]")), "systemctl restart gate\nsystemctl status gate");
      assert.equal(await copied(page, block.locator("code button[data-copy]").nth(1)), "systemctl status gate");
      const commented = page.locator("figure.code", { hasText: "look first" });
      assert.equal(await copied(page, commented.locator("> button[data-copy]")), "# look first\nuptime\n\nwho");
    }));

    test("a button is quiet until one points at its block, and seen when it has the focus", on("restart.html", async (page) => {
      const button = page.locator("code button[data-copy]").first();
      const opacity = () => button.evaluate((element) => getComputedStyle(element).opacity);
      await page.mouse.move(0, 0);
      assert.equal(await opacity(), "0");
      await button.locator("xpath=ancestor::figure").hover();
      assert.equal(await opacity(), "1");
      await page.mouse.move(0, 0);
      await page.keyboard.press("Tab"); // the ring shows for the keyboard alone
      await button.focus();
      assert.equal(await opacity(), "1");
    }));

    test("what destroys copies on a second press of the mouse, and a double click is one press", on("failover.html?claim=data-0", async (page) => {
      const button = page.locator('figure[data-risk="destructive"] > button[data-copy]').first();
      await button.dblclick();
      await heard(page, /^Press again: deletes .*Not filled in: namespace. Not confirmed: claim/);
      assert.equal(await button.getAttribute("data-state"), "armed", "armed, not copied");
      await page.waitForTimeout(450); // the guard against a double click is time itself
      await button.click();
      await heard(page, /^Copied\. Not filled in: namespace\. Not confirmed: claim$/);
      assert.match(await pasted(page), /^kubectl delete pvc data-0\b/);
    }));

    test("what destroys copies on a second press of a key, and a held key is one press", on("failover.html", async (page) => {
      const button = page.locator('figure[data-risk="destructive"] > button[data-copy]').first();
      await page.evaluate(() => document.addEventListener("runbook-site:copied", () => { globalThis.copies = (globalThis.copies ?? 0) + 1; }));
      await button.focus();
      for (let times = 0; times < 20; times += 1) {
        await page.keyboard.down("Enter"); // after the first time the key repeats
        await page.waitForTimeout(30);
      }
      await page.keyboard.up("Enter");
      assert.equal(await page.evaluate(() => globalThis.copies), undefined, "held for more than the guard's time");
      assert.equal(await button.getAttribute("data-state"), "armed");
      await page.keyboard.press("Tab");
      assert.equal(await button.getAttribute("data-state"), null, "disarmed when the focus left");
      await button.focus();
      await page.keyboard.press("Space");
      await page.waitForTimeout(450);
      await page.keyboard.press("Space");
      await heard(page, /^Copied\. Not filled in: claim, namespace$/);
      assert.match(await pasted(page), /^kubectl delete pvc <claim>/);
    }));

    test("a value goes into every command of the page, quoted, and comes back after a reload, but not into the address", on("failover.html", async (page) => {
      const field = page.locator('input[data-variable="claim"]');
      await field.fill("my claim");
      assert.deepEqual(new Set(await page.locator('var[data-variable="claim"]').allInnerTexts()), new Set(["'my claim'", "my claim"]), "the second stands in quotes already");
      assert.equal(await page.locator('var[data-variable="claim"]').first().getAttribute("title"), "<claim>");
      await page.reload();
      assert.equal(await field.inputValue(), "my claim");
      assert.equal(page.url(), way.url("failover.html"));
      assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => localStorage[key].includes("my claim")).length), 0);
      await field.fill("");
      assert.equal(await page.locator('var[data-variable="claim"]').first().innerText(), "<claim>");
    }));

    test("a value of the address is marked until the reader accepts it", on("failover.html?claim=data-7&unknown=x&db-password=hunter2", async (page) => {
      const placeholder = page.locator('var[data-variable="claim"]').first();
      assert.equal(await placeholder.getAttribute("data-state"), "unconfirmed");
      assert.match(await page.locator(".field", { hasText: "claim" }).innerText(), /From the address, not confirmed/);
      await page.getByRole("button", { name: "Use it: claim" }).click();
      await heard(page, "claim is accepted");
      assert.equal(await placeholder.getAttribute("data-state"), "filled");
      await page.reload();
      assert.equal(await placeholder.getAttribute("data-state"), "filled", "what was decided is not asked again");
      await page.getByRole("button", { name: "Clear: db-password" }).click();
      assert.equal(await page.locator('input[data-variable="db-password"]').inputValue(), "");
    }));

    test("a value that would change the command is refused at its field, and not used", on("failover.html?claim=a%0Ab", async (page) => {
      const field = page.locator('input[data-variable="claim"]');
      const box = page.locator(".field", { hasText: "claim" });
      assert.match(await box.innerText(), /value of the address is not used: it holds a line break/);
      assert.equal(await field.inputValue(), "");
      await field.fill("-rf");
      assert.match(await box.innerText(), /Not used: it begins with -/);
      assert.equal(await field.getAttribute("aria-invalid"), "true");
      await heard(page, /claim is not used/);
      assert.equal(await page.locator('var[data-variable="claim"]').first().innerText(), "<claim>");
      await field.fill("");
      await paste(page, field, "one\ntwo");
      assert.match(await box.innerText(), /Not used: it holds a line break/);
      assert.equal(await field.inputValue(), "");
    }));

    test("a secret is copied in full, masked in the log, and kept nowhere", on("failover.html", async (page) => {
      await page.locator('input[data-variable="db-password"]').fill("hunter2");
      const figure = page.locator("figure.code", { hasText: "psql-login" });
      await page.locator("[data-run-start]").click();
      assert.match(await copied(page, figure.locator("> button[data-copy]")), /hunter2/);
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      assert.match(kept, /psql-login/, "the command is in the run's log");
      assert.ok(!kept.includes("hunter2"));
      await page.locator("[data-run-log]").click();
      assert.match(await page.locator("[data-run-timeline]").innerText(), /--password ••••••/);
    }));

    test("a run counts ticks, keeps notes over a reload, and exports its log", on("failover.html", async (page) => {
      await page.locator("[data-run-start]").click();
      await heard(page, /^Run started/);
      await page.locator("input[data-step]").first().check();
      await heard(page, "Done, 1 of 3 steps");
      await page.locator("input[data-task]").check();
      await page.locator("[data-note]").first().click();
      await page.keyboard.type("all is quiet");
      await copied(page, page.locator("figure.code", { hasText: "kubectl get pods" }).locator("> button[data-copy]"));
      await page.reload();
      assert.equal(await page.locator("input[data-step]").first().isChecked(), true);
      assert.equal(await page.locator("input[data-task]").isChecked(), true);
      assert.equal(await page.locator("[data-note-text]").first().inputValue(), "all is quiet");
      assert.equal(await page.locator("[data-run-steps]").innerText(), "1 of 3 steps done");
      await page.locator("[data-run-next]").click();
      assert.equal(await page.evaluate(() => document.activeElement.closest("[data-step-key]").dataset.stepNumber), "2");
      await page.locator("input[data-step]").first().uncheck();
      await page.locator("input[data-step]").first().check();
      await page.locator("[data-run-log]").click();
      await page.getByLabel("Add to the log").fill("called the DBA");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
      await page.locator("[data-run-finish]").click();
      await heard(page, /^Run finished in/);
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator("[data-run-download]").click()]);
      assert.match(download.suggestedFilename(), /^run-failover-\d{8}T\d{4}Z\.md$/);
      const log = readFileSync(await download.path(), "utf8");
      for (const part of [/^# Run of Failover/, /\(`failover.html`, revision `[0-9a-f]{16}`\)/, /- Started: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, /estimate 10–20 min/,
        /\[x\] Step 1: Look \(done /, /Note \(.*\): all is quiet/, /\[ \] Step 2: Fence .* \(skipped\)/, /kubectl get pods/, /Not done after all: Step 1/, /Entry: called the DBA/, /Ticked: Access/]) assert.match(log, part);
      assert.ok(log.includes(`<${way.url("failover.html")}>`));
      await page.locator("[data-run-copy]").click();
      await heard(page, "Log copied");
      await page.locator("[data-run-discard]").click(); // its log is out: asks nothing
      await page.locator("[data-run-start]").waitFor();
      assert.equal(await page.locator("input[data-step]").first().isChecked(), false);
      assert.equal(await page.locator("input[data-task]").isChecked(), false);
      assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("-run:")).length), 0);
    }));

    test("discarding an open run asks once", on("failover.html", async (page) => {
      await page.locator("[data-run-start]").click();
      await page.locator("[data-run-log]").click();
      const discard = page.locator("[data-run-discard]");
      await discard.dblclick();
      assert.match(await discard.innerText(), /Press again/);
      await page.waitForTimeout(450);
      await discard.click();
      await page.locator("[data-run-start]").waitFor();
    }));

    test("the clock goes on while nobody looks, and a band that begins is said", on("failover.html", async (page) => {
      const clock = await page.context().newPage();
      await clock.clock.install({ time: new Date("2026-11-25T03:00:00Z") });
      await clock.goto(way.url("failover.html"));
      await clock.locator("[data-run-start]").click();
      assert.equal(await clock.locator("[data-run-band]").innerText(), "0 min: call On-call Engineer");
      await clock.clock.fastForward("16:00");
      await heard(clock, /^16 min: call Team Lead/);
      assert.match(await clock.locator(".bands li[aria-current=true]").innerText(), /15–30 min/);
      await clock.close();
      const later = await page.context().newPage();
      await later.clock.install({ time: new Date("2026-11-25T04:05:40Z") });
      await later.goto(way.url("failover.html"));
      assert.equal(await later.locator("[data-run-elapsed]").innerText(), "1 h 05 min");
      assert.equal(await later.locator("[data-run-estimate]").innerText(), "over the estimate of 10–20 min");
      await later.goto(way.url("plain.html"));
      assert.equal(await later.locator(".run-notice").innerText(), "Run of Failover: 1 h 05 min");
      await later.locator(".run-notice a").click();
      assert.equal(later.url(), way.url("failover.html"));
      await later.close();
    }));

    test("a run says what changed in the runbook since it began", on("failover.html", async (page) => {
      await page.locator("[data-run-start]").click();
      await page.locator("input[data-step]").first().check();
      await page.evaluate(() => {
        const key = Object.keys(localStorage).find((name) => name.includes("-run:"));
        const run = JSON.parse(localStorage[key]);
        run.revision = "of another day";
        run.steps[1].hash = "other";
        run.steps[2] = { key: "gone", number: "9", title: "Gone", hash: "none" };
        localStorage[key] = JSON.stringify(run);
      });
      await page.reload();
      assert.deepEqual(await page.locator(".run-changed li").allInnerTexts(), ["Changed: Step 2: Fence the old primary", "New: Step 3: Promote", "Gone: Step 9: Gone"]);
      await page.locator("[data-run-accept]").click();
      assert.equal(await page.locator(".run-changed").count(), 0);
      await page.reload();
      assert.equal(await page.locator(".run-changed").count(), 0);
      assert.equal(await page.locator("[data-run-steps]").innerText(), "1 of 3 steps done");
    }));

    test("two tabs keep in step", on("failover.html", async (page) => {
      await page.locator("[data-run-start]").click();
      const other = await page.context().newPage();
      await other.goto(way.url("failover.html"));
      await other.locator("input[data-step]").nth(1).check();
      await page.locator("input[data-step]").nth(1).and(page.locator(":checked")).waitFor();
      await page.locator("input[data-step]").first().check();
      await other.locator("[data-run-steps]", { hasText: "2 of 3" }).waitFor();
      await other.close();
    }));

    test("without storage a run lasts as long as the page, and says so", async () => {
      const page = await newPage(browser);
      await page.addInitScript(() => {
        for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
      });
      const thrown = [];
      page.on("pageerror", (error) => thrown.push(error.message));
      await page.goto(way.url("failover.html"));
      await page.locator('input[data-variable="claim"]').fill("x");
      await page.locator("[data-run-start]").click();
      await page.locator("input[data-step]").first().check();
      assert.equal(await page.locator("[data-run-steps]").innerText(), "1 of 3 steps done");
      assert.match(await page.locator("[data-run-kept]").innerText(), /blocks storage/);
      assert.deepEqual(thrown, []);
      await page.context().close();
    });

    test("where a page holds several documents, each has its own run and values", on("both.html", async (page) => {
      const show = (name) => page.evaluate((name) => {
        for (const article of document.querySelectorAll("article[data-document]")) article.hidden = article.dataset.document !== name;
        const article = document.querySelector(`article[data-document="${name}"]`);
        document.dispatchEvent(new CustomEvent("runbook-site:document", { detail: { article } }));
      }, name);
      await show("failover.html");
      await page.locator("[data-run-start]:visible").click();
      await page.locator("input[data-step]:visible").first().check();
      await show("restart.html");
      assert.equal(await page.locator(".run-bar").count(), 0, "the run of the other document has no bar here");
      assert.equal(await page.locator(".run-notice").innerText(), "Run of Failover: 0 min");
      assert.equal(await page.locator("input[data-step]:visible").first().isChecked(), false);
      assert.equal(await copied(page, page.locator("figure:visible", { hasText: "systemctl" }).locator("> button[data-copy]")), "systemctl restart gate\nsystemctl status gate");
      await show("failover.html");
      assert.equal(await page.locator("[data-run-steps]").innerText(), "1 of 3 steps done");
      await page.locator("[data-run-log]").click();
      assert.ok(!(await page.locator("[data-run-timeline]").innerText()).includes("systemctl"), "what was copied elsewhere is not of this run");
    }));

    test("the keyboard alone leads from the load to a copied command", on("plain.html", async (page) => {
      await page.keyboard.press("/");
      await page.keyboard.type("failover");
      await page.locator("[data-search-hit]").first().waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(/failover\.html/);
      const isButton = () => page.evaluate(() => document.activeElement.matches("figure > button[data-copy]") && document.activeElement.closest("figure").innerText.includes("kubectl get pods"));
      for (let presses = 0; !await isButton(); presses += 1) {
        assert.ok(presses < 80, "the button is reached");
        await page.keyboard.press("Tab");
      }
      assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none", "one sees where the focus is");
      await page.keyboard.press("Enter");
      await heard(page, "Copied");
      assert.equal(await pasted(page), "kubectl get pods");
    }));
  });
}

const [disk] = ways;

for (const [name, options] of [["wide", {}], ["telephone", phone]]) {
  test(`axe finds nothing in a run, nor in its log, light and dark: ${name}`, async () => {
    const page = await newPage(browser, options);
    await page.goto(`${disk.url("failover.html")}?claim=x`);
    await page.locator("[data-run-start]").click();
    await page.locator("input[data-step]").first().check();
    await page.locator("[data-note]").first().click();
    await page.locator('input[data-variable="namespace"]').fill("-x");
    await page.locator('figure[data-risk="destructive"] > button[data-copy]').first().click();
    await page.evaluate(axe.source);
    const complaints = [];
    const look = async (where) => {
      await page.evaluate(() => scrollTo(0, 0)); // so that the header and the bar at the bottom cut no target in two
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        complaints.push(...await page.evaluate(runAxe, `${where}, ${colorScheme}`));
      }
    };
    await look("armed");
    await page.locator("[data-run-finish]").click();
    await look("log");
    assert.deepEqual(complaints, []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `nothing is wider than the window: ${wide}`);
    await page.context().close();
  });
}

// Runs in the page.
async function runAxe(where) {
  const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], rules: { "target-size": { enabled: true } } });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${where}: ${id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
}

/** Waits until the page says a sentence to screen readers. */
async function heard(page, sentence) {
  await page.locator("[data-status]").filter({ hasText: sentence }).first().waitFor({ state: "attached" });
}

async function copied(page, button) {
  await button.click();
  await button.and(page.locator("[data-state=done], [data-state=warned]")).waitFor();
  return pasted(page);
}

/** What is on the clipboard, by pasting it. */
async function pasted(page) {
  await page.evaluate(() => {
    globalThis.focused = document.activeElement;
    document.body.append(Object.assign(document.createElement("textarea"), { id: "paper" }));
  });
  const paper = page.locator("#paper");
  await paper.press("ControlOrMeta+V");
  const text = await paper.inputValue();
  await page.evaluate(() => { document.getElementById("paper").remove(); globalThis.focused.focus(); });
  return text;
}

/** Pastes a text into a field as a person does. */
async function paste(page, field, text) {
  await page.evaluate((text) => {
    const paper = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text }));
    paper.select();
    document.execCommand("copy");
    paper.remove();
  }, text);
  await field.press("ControlOrMeta+V");
}

/** One page with the articles of two, as the offline page has them. */
function inOne(first, second) {
  const [page, other] = [first, second].map((path) => readFileSync(join(site, path), "utf8"));
  return page.replace("</article>", `</article>${/<article[^]*<\/article>/.exec(other)[0].replace("<article", "<article hidden")}`);
}

function handbook() {
  const folder = temporaryFolder();
  const block = (language, ...lines) => [`\`\`\`${language}`, ...lines, "```", ""].join("\n");
  writeFileSync(join(folder, "README.md"), `# Handbook

## Emergency Procedures

| Scenario | Runbook | Estimated Time | Approval Required | Priority |
|---|---|---|---|---|
| The primary is lost | [Failover](failover.md) | 10-20 minutes | Team Lead | P0 |
| The gate hangs | [Restart](restart.md) | 5 minutes | None | P2 |

## Escalation Matrix

### Priority Definitions

| Priority | Response Time | Example Scenarios |
|---|---|---|
| **P0** | 15 minutes | Nobody can buy |

### Escalation Path

\`\`\`text
┌──────────────────────────────┐
│         P0 Escalation        │
├──────────────────────────────┤
│  0-15 min   │  On-call Engineer │
│  15-30 min  │  Team Lead        │
│  30+ min    │  VP Engineering   │
└──────────────────────────────┘
\`\`\`
`);
  writeFileSync(join(folder, "plain.md"), "# Plain\n\nNothing to do here.\n");
  writeFileSync(join(folder, "restart.md"), ["# Restart", "", "## Procedure", "", "### Step 1: Restart", "",
    block("console", "$ systemctl restart gate", "$ systemctl status gate", "gate.service: active (running)"),
    block("bash", "# look first", "uptime", "", "who", "# that is all")].join("\n"));
  writeFileSync(join(folder, "failover.md"), ["# Failover", "", "**Estimated Time**: 10-20 minutes", "**Last Updated**: 2026-11-01", "**Owner**: Data Team", "**Approval Required**: Team Lead", "",
    "## Purpose", "", "Switch to the replica.", "", "## Prerequisites", "", "- [ ] Access", "",
    "## Procedure", "", "### Step 1: Look (2 minutes)", "", block("bash", "kubectl get pods"),
    "### Step 2: Fence the old primary (5 minutes)", "", "⚠️ WARNING: this deletes data.", "",
    block("bash", "kubectl delete pvc <claim> -n <namespace>"),
    "### Step 3: Promote", "", block("bash", "psql-login --host db --password <db-password>", "echo \"done with <claim>\""), block("bash", "ls <claim>"),
    "## Verification", "", "Orders come in.", "", "## Rollback", "", "There is none.", "", "## Post-Incident", "", "Tell the team."].join("\n"));
  return folder;
}
