// The check boxes of a runbook's task lists, such as its prerequisites: ticks stay in this tab. A run (run.js) keeps them
// with it; it listens to `runbook-site:task`.
"use strict";
(function () {
  RunbookSite.tasks = { doneIn, setDone };

  RunbookSite.eachDocument(function (article) {
    const kept = RunbookSite.tabList(storeKey(article));
    if (kept) setDone(article, kept);
  });

  document.addEventListener("change", function (event) {
    if (!event.target.matches("input[data-task]")) return;
    const article = event.target.closest("article[data-document]");
    if (!article) return;
    keep(article);
    const detail = { article, name: event.target.getAttribute("aria-label"), done: event.target.checked };
    document.dispatchEvent(new CustomEvent("runbook-site:task", { detail }));
  });

  /** The tasks of a document as [key, box]. Two of the same words are told apart by their order. */
  function tasksOf(article) {
    const seen = new Map();
    return Array.from(article.querySelectorAll("input[data-task]"), function (box) {
      const name = box.getAttribute("aria-label");
      seen.set(name, (seen.get(name) || 0) + 1);
      return [seen.get(name) + " " + name, box];
    });
  }

  /** The keys of the tasks that are ticked. */
  function doneIn(article) {
    return tasksOf(article).filter(function ([, box]) { return box.checked; }).map(function ([key]) { return key; });
  }

  /** Ticks exactly these tasks. */
  function setDone(article, keys) {
    for (const [key, box] of tasksOf(article)) box.checked = keys.includes(key);
    keep(article);
  }

  function storeKey(article) {
    return "tasks:" + RunbookSite.place + ":" + article.dataset.document;
  }

  function keep(article) {
    if (tasksOf(article).length) RunbookSite.tabStore.set(storeKey(article), JSON.stringify(doneIn(article)));
  }
})();
