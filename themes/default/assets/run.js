// Run mode: the clock, ticks and notes of one who works through a runbook, against its estimate and the escalation bands,
// and the log for the ticket. The run itself is kept by runs.js; run-log.js writes it down.
"use strict";
(function () {
  const { runs, steps } = RunbookSite;
  const { markdown, timeline, compare, fileName } = RunbookRunLog;
  const APART = 400; // milliseconds between the two presses that discard a run: a double click is one press

  // Runs that no storage takes last as long as the page.
  const unkept = new Map();
  let bar = null; // at the bottom of the window
  let dialog = null; // the log
  let armedAt = 0; // when "Discard run" was pressed for the first time
  let shownBand = null; // {began, band}: what the reader has seen, so that only a band that begins is said

  RunbookSite.eachDocument(function (article) {
    if (!steps.of(article).length) return removeBar();
    offerStart(article);
    const run = runOf(article);
    if (run) resume(article, run);
    render(article);
  });

  function runOf(article) {
    return unkept.get(article.dataset.document) || runs.get(article.dataset.document);
  }

  /** Changes the run as it is kept now, which another tab may have changed since, and shows it. */
  function change(article, edit) {
    const run = runOf(article);
    if (run) {
      edit(run);
      keep(article, run);
    }
    render(article);
  }

  function keep(article, run) {
    const path = article.dataset.document;
    if (runs.set(path, run)) unkept.delete(path);
    else unkept.set(path, run);
    document.dispatchEvent(new CustomEvent("runbook-site:run"));
  }

  function add(run, event) {
    run.events.push({ at: Date.now(), ...event });
    run.exported = false;
  }

  // ---- Beginning and coming back --------------------------------------------------------------------------------------------

  function offerStart(article) {
    const actions = article.querySelector("[data-actions]");
    if (!actions || actions.querySelector("[data-run-start]")) return;
    const button = make("button", { type: "button", className: "button primary", textContent: "Start run" });
    button.dataset.runStart = "";
    button.addEventListener("click", function () { start(article); });
    actions.prepend(button);
  }

  function start(article) {
    const began = Date.now();
    const estimate = { min: minutesOf(article.dataset.estimateMin), max: minutesOf(article.dataset.estimateMax) };
    const run = {
      version: runs.VERSION, document: article.dataset.document, title: titleOf(article),
      address: location.href.replace(/[?#].*/, ""), // what stands behind may be a secret
      revision: article.dataset.revision || "", began, ended: null, exported: false, estimate, bands: bandsOf(article),
      steps: snapshot(article), done: {}, notes: {}, tasks: RunbookSite.tasks.doneIn(article), values: RunbookSite.variables ? RunbookSite.variables.values(article) : {}, events: [],
    };
    for (const key of steps.doneIn(article)) {
      run.done[key] = began;
      run.events.push({ at: began, kind: "before", key });
    }
    keep(article, run);
    render(article);
    const first = bandsOf(article)[0];
    RunbookSite.say("Run started." + (first && first.from === 0 ? " Now to call: " + first.roles + "." : "") + (unkept.has(run.document) ? " It lasts until you leave the page: this browser keeps nothing." : ""));
    const next = bar && bar.querySelector("[data-run-next]");
    if (next) next.focus({ preventScroll: true });
  }

  // Steps that only moved keep their ticks and notes; all other changes wait for the reader.
  function resume(article, run) {
    adoptValues(article, run);
    const { moved } = compare(run.steps, snapshot(article));
    if (!moved.length) return;
    change(article, function (run) {
      for (const { from, to } of moved) {
        for (const record of [run.done, run.notes]) {
          if (record[from.key]) record[to.key] = record[from.key];
          delete record[from.key];
        }
        for (const event of run.events) if (event.key === from.key) event.key = to.key;
        Object.assign(run.steps.find(function (step) { return step.key === from.key; }), to);
      }
    });
  }

  // Not every document has places to fill in, and variables.js may run after this script.
  function adoptValues(article, run) {
    if (RunbookSite.variables) RunbookSite.variables.adopt(article, run.values || {});
  }

  function accept(article) {
    const now = snapshot(article);
    change(article, function (run) {
      const { changed, added, removed } = compare(run.steps, now);
      const parts = [["changed", changed], ["new", added], ["gone", removed]].filter(function (part) { return part[1].length; });
      add(run, { kind: "changed", text: "The runbook changed: " + (parts.map(function ([word, list]) { return word + ": " + list.map(nameOf).join(", "); }).join("; ") || "text outside of the steps") });
      // Steps that are gone stay in the record where something was done in them.
      const kept = removed.filter(function (step) { return run.events.some(function (event) { return event.key === step.key; }) || run.notes[step.key]; });
      run.steps = now.concat(kept);
      run.revision = article.dataset.revision || "";
    });
  }

  function snapshot(article) {
    return steps.of(article).map(function ({ key, number, title, hash }) { return { key, number, title, hash }; });
  }

  function titleOf(article) {
    const heading = article.querySelector("h1");
    return heading ? heading.textContent.trim() : document.title;
  }

  function minutesOf(text) {
    const minutes = parseInt(text, 10);
    return Number.isFinite(minutes) ? minutes : null;
  }

  function bandItems(article) {
    return Array.from(article.querySelectorAll(".bands li[data-from-minutes]"));
  }

  function bandsOf(article) {
    return bandItems(article).map(function (item) {
      const words = item.cloneNode(true);
      for (const time of words.querySelectorAll("b, .now-word")) time.remove();
      return { from: Number(item.dataset.fromMinutes), to: minutesOf(item.dataset.toMinutes), roles: words.textContent.trim().replace(/\s+/g, " ") };
    });
  }

  function nameOf(step) {
    return step.number ? "Step " + step.number + ": " + step.title : step.title;
  }

  // ---- What happens in a run ------------------------------------------------------------------------------------------------

  document.addEventListener("runbook-site:step", function (event) {
    const { article, key, done } = event.detail;
    const before = runOf(article);
    if (!before) return;
    if (before.ended) {
      RunbookSite.say("The run is finished. Resume it in the log to go on.");
      return render(article);
    }
    change(article, function (run) {
      if (done) run.done[key] = Date.now();
      else delete run.done[key];
      add(run, { kind: done ? "done" : "undone", key });
    });
    const run = runOf(article);
    const count = Object.keys(run.done).length;
    RunbookSite.say((done ? "Done, " : "Not done, ") + count + " of " + run.steps.length + " steps");
  });

  document.addEventListener("runbook-site:task", function (event) {
    const { article, name, done } = event.detail;
    const before = runOf(article);
    if (!before || before.ended) return;
    change(article, function (run) {
      run.tasks = RunbookSite.tasks.doneIn(article);
      add(run, { kind: "task", text: (done ? "Ticked: " : "Not ticked after all: ") + name });
    });
  });

  document.addEventListener("runbook-site:copied", function (event) {
    const article = event.detail.from.closest("article[data-document]");
    const run = article && runOf(article);
    if (!run || run.ended) return;
    const step = event.detail.from.closest("[data-step-key]");
    change(article, function (run) { add(run, { kind: "copied", key: step ? step.dataset.stepKey : "", text: event.detail.text }); });
  });

  document.addEventListener("runbook-site:variables", function (event) {
    const { article } = event.detail;
    if (runOf(article)) change(article, function (run) { run.values = RunbookSite.variables.values(article); });
  });

  // Fields that were made after this script ran, as where a page holds several documents.
  document.addEventListener("runbook-site:fields", function (event) {
    const run = runOf(event.detail.article);
    if (run) adoptValues(event.detail.article, run);
  });

  document.addEventListener("input", function (event) {
    const field = event.target.closest && event.target.closest("[data-note-text]");
    if (!field) return;
    const key = field.closest("[data-step-key]").dataset.stepKey;
    change(field.closest("article[data-document]"), function (run) {
      if (field.value.trim()) run.notes[key] = { text: field.value, at: Date.now() };
      else delete run.notes[key];
      run.exported = false;
    });
  });

  // Another tab changed or closed the run.
  addEventListener("storage", function (event) {
    const article = RunbookSite.article();
    if (!article || (event.key !== null && !event.key.endsWith(":" + article.dataset.document))) return;
    const run = runOf(article);
    if (run) adoptValues(article, run);
    if (!run) steps.setDone(article, []);
    render(article);
  });

  addEventListener("beforeunload", function (event) { if (unkept.size) event.preventDefault(); });
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);

  function tick() {
    const article = RunbookSite.article();
    if (bar && article) renderClock(article, runOf(article));
  }

  // ---- The page in a run --------------------------------------------------------------------------------------------------

  function render(article) {
    if (article !== RunbookSite.article()) return;
    const run = runOf(article);
    const starter = article.querySelector("[data-run-start]");
    if (starter) starter.hidden = Boolean(run);
    article.classList.toggle("running", Boolean(run && !run.ended));
    renderSteps(article, run);
    if (!run) {
      removeBar();
      markBand(article, -1);
      if (dialog && dialog.open) dialog.close();
      return;
    }
    if (!bar) bar = makeBar();
    renderClock(article, run);
    renderChanges(article, run);
    const done = run.steps.filter(function (step) { return run.done[step.key]; }).length;
    put(bar.querySelector("[data-run-steps]"), done + " of " + run.steps.length + " steps done");
    put(bar.querySelector("[data-run-kept]"), unkept.has(run.document) ? "Not kept: this browser blocks storage. Copy the log before you leave the page." : "");
    bar.querySelector("[data-run-next]").hidden = Boolean(run.ended);
    bar.querySelector("[data-run-finish]").hidden = Boolean(run.ended);
    if (dialog && dialog.open) renderDialog(article, run);
  }

  function removeBar() {
    if (bar) bar.remove();
    bar = null;
    shownBand = null;
  }

  function makeBar() {
    const made = make("section", { className: "run-bar" }, [
      make("div", { className: "run-facts" }, [
        part("p", "runElapsed", { className: "run-elapsed" }), part("p", "runEstimate"), part("p", "runSteps"),
        part("p", "runBand", { className: "run-band" }), part("p", "runKept", { className: "run-kept" }),
      ]),
      make("div", { className: "run-buttons" }, [
        part("button", "runNext", { type: "button", className: "button", textContent: "Next step" }),
        part("button", "runLog", { type: "button", className: "button", textContent: "Log" }),
        part("button", "runFinish", { type: "button", className: "button", textContent: "Finish" }),
      ]),
    ]);
    made.setAttribute("aria-label", "Run");
    made.querySelector("[data-run-next]").addEventListener("click", function () { goOn(RunbookSite.article()); });
    made.querySelector("[data-run-log]").addEventListener("click", function () { openDialog(RunbookSite.article()); });
    made.querySelector("[data-run-finish]").addEventListener("click", function () { finish(RunbookSite.article()); });
    runs.dock().append(made);
    return made;
  }

  function renderClock(article, run) {
    if (!run) return;
    const minutes = runs.elapsed(run);
    const { min, max } = run.estimate;
    const isOver = max !== null && minutes > max;
    put(bar.querySelector("[data-run-elapsed]"), (run.ended ? "Finished in " : "") + runs.inWords(minutes));
    put(bar.querySelector("[data-run-estimate]"), max === null ? "" : (isOver ? "over the estimate of " : "of ") + (min === null || min === max ? "" : min + "–") + runs.inWords(max));
    bar.classList.toggle("over", isOver);
    const bands = bandsOf(article);
    const at = run.ended ? -1 : runs.bandAt(bands, minutes);
    markBand(article, at);
    put(bar.querySelector("[data-run-band]"), at < 0 ? "" : runs.rolesOf(bands[at], minutes));
    if (shownBand && shownBand.began === run.began && at > shownBand.at) RunbookSite.say(runs.rolesOf(bands[at], minutes));
    shownBand = { began: run.began, at };
  }

  function markBand(article, at) {
    bandItems(article).forEach(function (item, number) {
      if (number === at) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    });
  }

  function renderSteps(article, run) {
    if (run) {
      const done = steps.of(article).map(function (step) { return step.key; }).filter(function (key) { return run.done[key]; });
      if (steps.doneIn(article).join("\n") !== done.join("\n")) steps.setDone(article, done);
      if (run.tasks && RunbookSite.tasks.doneIn(article).join("\n") !== run.tasks.join("\n")) RunbookSite.tasks.setDone(article, run.tasks);
    }
    const next = run && !run.ended ? nextStep(article, run) : null;
    const before = new Map(run ? run.steps.map(function (step) { return [step.key, step.hash]; }) : []);
    for (const step of steps.of(article)) {
      const isNext = Boolean(next) && step.key === next.key;
      if (isNext) step.element.setAttribute("aria-current", "step");
      else step.element.removeAttribute("aria-current");
      renderDone(step, run && run.done[step.key]);
      renderNote(step, run);
      const differs = run && before.get(step.key) !== step.hash;
      step.element.classList.toggle("changed", Boolean(differs));
    }
  }

  function renderDone(step, at) {
    const heading = step.element.querySelector(":scope > :is(h2, h3, h4, h5, h6)");
    let time = (heading || step.element).querySelector(":scope > .done-at");
    if (!at) {
      if (time) time.remove();
      return;
    }
    if (!time) {
      time = make("span", { className: "done-at" });
      if (heading) heading.append(" ", time);
      else step.box.after(time);
    }
    put(time, "done " + clock(at));
  }

  function renderNote(step, run) {
    let part = step.element.querySelector(":scope > .step-note");
    if (!run) {
      if (part) part.remove();
      return;
    }
    if (!part) {
      part = makeNote(step);
      step.element.append(part);
    }
    const field = part.querySelector("textarea");
    const note = run.notes[step.key];
    if (field !== document.activeElement) field.value = note ? note.text : "";
    field.readOnly = Boolean(run.ended);
    if (note && note.text.trim()) unfold(part, true);
  }

  function makeNote(step) {
    const field = make("textarea", { rows: 2, id: "note-" + step.box.id, hidden: true });
    field.dataset.noteText = "";
    field.setAttribute("aria-label", "Note on " + nameOf(step));
    const button = make("button", { type: "button", className: "small-button", textContent: "Note" });
    button.dataset.note = "";
    button.setAttribute("aria-label", "Note on " + nameOf(step));
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", field.id);
    const part = make("div", { className: "step-note" }, [button, field]);
    button.addEventListener("click", function () {
      unfold(part, field.hidden);
      if (!field.hidden) field.focus();
    });
    return part;
  }

  function unfold(part, open) {
    part.querySelector("textarea").hidden = !open;
    part.querySelector("button").setAttribute("aria-expanded", String(open));
  }

  function renderChanges(article, run) {
    let part = bar.querySelector(".run-changed");
    if (!run.revision || run.revision === article.dataset.revision) {
      if (part) part.remove();
      return;
    }
    if (part) return;
    const { changed, added, removed } = compare(run.steps, snapshot(article));
    const items = [["Changed: ", changed], ["New: ", added], ["Gone: ", removed]].flatMap(function ([word, list]) {
      return list.map(function (step) { return make("li", {}, [word, word === "Gone: " ? nameOf(step) : linkTo(article, step)]); });
    });
    const button = make("button", { type: "button", className: "small-button", textContent: "Go on with the new text" });
    button.dataset.runAccept = "";
    button.addEventListener("click", function () {
      accept(article);
      bar.querySelector("[data-run-next]").focus();
    });
    part = make("div", { className: "run-changed" }, [
      make("p", {}, ["This runbook changed since the run began" + (items.length ? ":" : ", outside of its steps.")]),
      ...(items.length ? [make("ul", {}, items)] : []), button,
    ]);
    bar.prepend(part);
    RunbookSite.say("This runbook changed since the run began. " + Array.from(part.querySelectorAll("li"), function (item) { return item.textContent; }).join(". "));
  }

  function linkTo(article, step) {
    const { element } = steps.of(article).find(function (other) { return other.key === step.key; });
    const heading = element.querySelector("[id]:is(h2, h3, h4, h5, h6)") || element;
    return make("a", { href: "#" + encodeURIComponent(heading.id || step.key), textContent: nameOf(step) });
  }

  // ---- Next step, finish ---------------------------------------------------------------------------------------------------

  // The first step that is not done behind the one ticked last; at the end, what was passed over.
  function nextStep(article, run) {
    const all = steps.of(article);
    const last = run.events.findLast(function (event) { return event.kind === "done" && run.done[event.key]; });
    const from = last ? all.findIndex(function (step) { return step.key === last.key; }) + 1 : 0;
    return all.slice(from).concat(all.slice(0, from)).find(function (step) { return !run.done[step.key]; }) || null;
  }

  function goOn(article) {
    const next = nextStep(article, runOf(article));
    if (!next) {
      RunbookSite.say("All steps are done.");
      return bar.querySelector("[data-run-finish]").focus();
    }
    for (let around = next.element.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
    next.element.scrollIntoView({ block: "start" });
    next.box.focus({ preventScroll: true });
  }

  function finish(article) {
    change(article, function (run) { run.ended = Date.now(); run.exported = false; });
    openDialog(article);
    const run = runOf(article);
    if (run) RunbookSite.say("Run finished in " + runs.inWords(runs.elapsed(run)));
  }

  // ---- The log ----------------------------------------------------------------------------------------------------------------

  function openDialog(article) {
    if (!dialog) dialog = makeDialog();
    renderDialog(article, runOf(article));
    dialog.showModal();
  }

  function makeDialog() {
    const button = function (name, text) { return part("button", name, { type: "button", className: "button", textContent: text }); };
    const made = make("dialog", { className: "run-dialog" }, [
      make("h2", { id: "run-dialog-title" }),
      part("dl", "runSummary", { className: "run-summary" }),
      make("form", { className: "run-entry" }, [
        make("label", {}, ["Add to the log ", make("input", { type: "text", autocomplete: "off", placeholder: "Called the DBA" })]),
        make("button", { type: "submit", className: "button", textContent: "Add" }),
      ]),
      part("ol", "runTimeline", { className: "run-timeline", tabIndex: 0 }),
      make("p", { className: "quiet", textContent: "Times are of this device. The log that you copy or download has them in UTC." }),
      make("div", { className: "run-buttons" }, [button("runCopy", "Copy log"), button("runDownload", "Download log"),
        button("runResume", "Resume run"), button("runClose", "Close"), button("runDiscard", "Discard run")]),
    ]);
    const status = make("p", { className: "run-status" });
    status.dataset.status = "";
    status.setAttribute("role", "status");
    made.append(status);
    made.setAttribute("aria-labelledby", "run-dialog-title");
    made.querySelector(".run-timeline").setAttribute("aria-label", "What happened");
    made.querySelector("form").addEventListener("submit", function (event) {
      event.preventDefault();
      const field = event.target.querySelector("input");
      const text = field.value.trim();
      field.value = "";
      if (!text) return;
      change(RunbookSite.article(), function (run) { add(run, { kind: "entry", text }); });
      RunbookSite.say("Added: " + text);
    });
    const on = function (name, act) { made.querySelector(`[data-${name}]`).addEventListener("click", act); };
    on("run-copy", copyLog);
    on("run-download", downloadLog);
    on("run-resume", resumeRun);
    on("run-discard", discard);
    on("run-close", function () { made.close(); });
    made.addEventListener("close", calm);
    made.addEventListener("focusout", function (event) { if (event.target === made.querySelector("[data-run-discard]")) calm(); });
    document.body.append(made);
    return made;
  }

  function renderDialog(article, run) {
    const now = Date.now();
    put(dialog.querySelector("h2"), run.ended ? "Run finished" : "Log of the run");
    const undone = run.steps.filter(function (step) { return !run.done[step.key]; });
    const facts = [["Time", runs.inWords(runs.elapsed(run)) + estimateOf(run)], ["Steps", run.steps.length - undone.length + " of " + run.steps.length + " done"]];
    if (run.ended && undone.length) facts.push(["Skipped", undone.map(nameOf).join(", ")]);
    dialog.querySelector("[data-run-summary]").replaceChildren(...facts.map(function ([name, text]) {
      return make("div", { className: name.toLowerCase() }, [make("dt", { textContent: name }), make("dd", { textContent: text })]);
    }));
    dialog.querySelector("[data-run-timeline]").replaceChildren(...timeline(run, run.ended || now).map(function (entry) {
      const item = make("li", {}, [make("span", { className: "time", textContent: clock(entry.at) }), " ", entry.text + (entry.note ? ": " + entry.note : "")]);
      if (entry.code) item.append(make("pre", {}, [make("code", { textContent: entry.code })]));
      return item;
    }));
    dialog.querySelector("form").hidden = Boolean(run.ended);
    dialog.querySelector("[data-run-resume]").hidden = !run.ended;
    if (!armedAt) put(dialog.querySelector("[data-run-discard]"), run.ended && run.exported ? "Close run" : "Discard run");
  }

  function estimateOf(run) {
    const { min, max } = run.estimate;
    return max === null ? "" : ", estimated " + (min === null || min === max ? "" : min + "–") + runs.inWords(max);
  }

  async function copyLog() {
    const article = RunbookSite.article();
    const isCopied = await RunbookSite.copy(markdown(runOf(article), Date.now()));
    if (isCopied) change(article, function (run) { run.exported = true; });
    RunbookSite.say(isCopied ? "Log copied" : "The log could not be copied. Download it.");
  }

  function downloadLog() {
    const article = RunbookSite.article();
    const run = runOf(article);
    const address = URL.createObjectURL(new Blob([markdown(run, Date.now())], { type: "text/markdown" }));
    const link = make("a", { href: address, download: fileName(run) });
    link.click();
    setTimeout(function () { URL.revokeObjectURL(address); }, 60000);
    change(article, function (run) { run.exported = true; });
    RunbookSite.say("Log saved as " + fileName(run));
  }

  function resumeRun() {
    change(RunbookSite.article(), function (run) {
      add(run, { kind: "resumed", text: "Run resumed, after it was finished at " + new Date(run.ended).toISOString().replace(/\.\d+/, "") });
      run.ended = null;
    });
    dialog.close();
    RunbookSite.say("Run resumed");
  }

  // Discarding asks once, unless the run is finished and its log is out.
  function discard() {
    const article = RunbookSite.article();
    const run = runOf(article);
    const isSaved = run && run.ended && run.exported;
    const button = dialog.querySelector("[data-run-discard]");
    if (!isSaved && !armedAt) {
      armedAt = performance.now();
      button.dataset.state = "armed";
      put(button, "Press again: the run and its log are lost");
      RunbookSite.say(button.textContent);
      return;
    }
    if (!isSaved && performance.now() - armedAt < APART) return;
    dialog.close();
    unkept.delete(article.dataset.document);
    runs.set(article.dataset.document, null);
    steps.setDone(article, []);
    RunbookSite.tasks.setDone(article, []);
    render(article);
    document.dispatchEvent(new CustomEvent("runbook-site:run"));
    RunbookSite.say(isSaved ? "Run closed" : "Run discarded");
    const starter = article.querySelector("[data-run-start]");
    if (starter) starter.focus();
  }

  function calm() {
    if (!armedAt) return;
    armedAt = 0;
    const button = dialog.querySelector("[data-run-discard]");
    delete button.dataset.state;
    put(button, "Discard run");
  }

  // ---- Small parts --------------------------------------------------------------------------------------------------------

  function make(tag, properties, children = []) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // An element that scripts and tests find by `data-…`.
  function part(tag, name, properties = {}) {
    const element = make(tag, properties);
    element.dataset[name] = "";
    return element;
  }

  // Writes a text where it differs, so that nothing is drawn or read anew each second.
  function put(element, text) {
    if (element.textContent !== text) element.textContent = text;
    if (element.matches("p, span")) element.hidden = text === "";
  }

  function clock(at) {
    return new Date(at).toLocaleTimeString("en-GB");
  }
})();
