// Runs that are kept in this browser, and the line that tells on every page that one is open. A run is plain data:
//
//   {version, document, title, address, revision, began, ended, exported, estimate: {min, max}, bands: [{from, to, roles}],
//    steps: [{key, number, title, hash}], done: {key: time}, notes: {key: {text, at}}, values: {name: value}, events: [{at, kind, …}]}
//
// Times are milliseconds since 1970, so that sleep and reloads do not matter; minutes are whole numbers.
"use strict";
(function () {
  const VERSION = 1;
  const MINUTE = 60000;
  const prefix = "run:" + RunbookSite.place + ":";

  RunbookSite.runs = { VERSION, get, set, all, elapsed, inWords, bandAt, rolesOf, dock };

  function get(documentPath) {
    return parse(RunbookSite.store.get(prefix + documentPath));
  }

  /** Keeps a run, or with null drops it; tells whether that could be done. */
  function set(documentPath, run) {
    return RunbookSite.store.set(prefix + documentPath, run === null ? null : JSON.stringify(run));
  }

  /** The runs of this site that are kept, the oldest first. */
  function all() {
    const whole = "runbook-site-" + prefix;
    let keys = [];
    try { keys = Object.keys(localStorage).filter(function (key) { return key.startsWith(whole); }); } catch (blocked) { /* there are none */ }
    return keys.map(function (key) { return get(key.slice(whole.length)); }).filter(Boolean).sort(function (a, b) { return a.began - b.began; });
  }

  // What is in storage may be of another version, or broken.
  function parse(text) {
    try {
      const run = JSON.parse(text);
      const isRun = run && run.version === VERSION && Number.isFinite(run.began) && typeof run.document === "string"
        && [run.steps, run.bands, run.events].every(Array.isArray)
        && [run.done, run.notes, run.estimate].every(function (part) { return part !== null && typeof part === "object"; });
      return isRun ? run : null;
    } catch (broken) {
      return null;
    }
  }

  /** Whole minutes from the beginning of a run to a time, or to its end. */
  function elapsed(run, now = Date.now()) {
    return Math.max(0, Math.floor(((run.ended || now) - run.began) / MINUTE));
  }

  function inWords(minutes) {
    const hours = Math.floor(minutes / 60);
    return hours ? hours + " h " + String(minutes % 60).padStart(2, "0") + " min" : minutes + " min";
  }

  /** The number of the escalation band that has begun last; -1 before the first. */
  function bandAt(bands, minutes) {
    return bands.findLastIndex(function (band) { return band.from <= minutes; });
  }

  function rolesOf(band, minutes) {
    return inWords(minutes) + ": call " + band.roles;
  }

  // ---- The line at the bottom of the window -------------------------------------------------------------------------------

  // Holds the run of this page and the runs of others. It stands behind the page's content, so nothing moves for it.
  let foot = null;
  function dock() {
    if (!foot) {
      foot = document.createElement("div");
      foot.className = "dock";
      document.body.append(foot);
      // What has the focus must not hide under it.
      new ResizeObserver(function () {
        document.documentElement.style.setProperty("--dock", foot.offsetHeight + "px");
      }).observe(foot);
    }
    return foot;
  }

  function addressOf(run) {
    const here = document.querySelector(`article[data-document="${CSS.escape(run.document)}"]`);
    const isWhole = document.querySelectorAll("article[data-document]").length > 1;
    return isWhole && here ? "#" + encodeURI(here.id || run.document) : RunbookSite.root + run.document.split("/").map(encodeURIComponent).join("/");
  }

  let notice = null;
  function show() {
    const here = RunbookSite.article();
    const others = all().filter(function (run) { return !here || run.document !== here.dataset.document; });
    if (!others.length) {
      if (notice) notice.remove();
      notice = null;
      return;
    }
    if (!notice) {
      notice = document.createElement("p");
      notice.className = "run-notice";
      dock().prepend(notice);
    }
    const said = others.map(function (run) { return [run.document, elapsed(run), run.ended].join(); }).join("\n");
    if (notice.dataset.said === said) return;
    notice.dataset.said = said;
    notice.replaceChildren(...others.flatMap(function (run, number) {
      const link = document.createElement("a");
      link.href = addressOf(run);
      link.textContent = run.title;
      return [number ? " · Run of " : "Run of ", link, ": " + inWords(elapsed(run)) + (run.ended ? ", finished" : "")];
    }));
  }

  show();
  document.addEventListener("runbook-site:document", show);
  setInterval(show, 5000);
  addEventListener("storage", show);
  for (const name of ["visibilitychange", "runbook-site:document", "runbook-site:run"]) document.addEventListener(name, show);
})();
