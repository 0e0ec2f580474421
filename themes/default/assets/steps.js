// The check boxes of steps: done steps look it, here and in the list of sections, and stay done in this tab. A run
// (run.js) takes over what is done; it listens to `runbook-site:step`.
"use strict";
(function () {
  RunbookSite.steps = { of, doneIn, setDone, mark };

  RunbookSite.eachDocument(function (article) {
    setDone(article, RunbookSite.tabList(keyOf(article)) || []);
  });

  document.addEventListener("change", function (event) {
    if (!event.target.matches("input[data-step]")) return;
    const step = event.target.closest("[data-step-key]");
    const article = event.target.closest("article[data-document]");
    if (!step || !article) return;
    look(article, step, event.target.checked);
    keep(article);
    document.dispatchEvent(new CustomEvent("runbook-site:step", { detail: { article, key: step.dataset.stepKey, done: event.target.checked } }));
  });

  /** The steps of a document, in order: {element, box, key, number, title, hash}. */
  function of(article) {
    return Array.from(article.querySelectorAll("[data-step-key]")).map(function (element) {
      const { stepKey: key, stepNumber: number = "", stepTitle: title = "", stepHash: hash = "" } = element.dataset;
      return { element, box: element.querySelector("input[data-step]"), key, number, title, hash };
    }).filter(function (step) { return step.box; });
  }

  /** The keys of the steps that are ticked. */
  function doneIn(article) {
    return of(article).filter(function (step) { return step.box.checked; }).map(function (step) { return step.key; });
  }

  /** Ticks exactly these steps. */
  function setDone(article, keys) {
    for (const step of of(article)) {
      step.box.checked = keys.includes(step.key);
      look(article, step.element, step.box.checked);
    }
    keep(article);
  }

  function look(article, element, done) {
    element.classList.toggle("done", done);
    mark(article, element, "done", done);
  }

  /** Marks the entry of a step in the list of sections. */
  function mark(article, element, name, on) {
    const heading = element.querySelector("[id]:is(h2, h3, h4, h5, h6)") || element;
    for (const link of article.querySelectorAll(".toc a[href]")) {
      if (RunbookSite.target(link.hash) === heading) link.classList.toggle("step-" + name, on);
    }
  }

  // ---- Kept for a reload of this tab ------------------------------------------------------------------------------------

  function keyOf(article) {
    return "ticks:" + RunbookSite.place + ":" + article.dataset.document;
  }

  function keep(article) {
    const keys = doneIn(article);
    RunbookSite.tabStore.set(keyOf(article), keys.length ? JSON.stringify(keys) : null);
  }
})();
