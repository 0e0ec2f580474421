// The report's filter by level. Without this script every finding shows and the buttons stay hidden.
"use strict";
(function () {
  const filter = document.querySelector("[data-level-filter]");
  const findings = document.querySelector("[data-findings]");
  if (!filter || !findings) return;
  const buttons = Array.from(filter.querySelectorAll("button[data-level]"));

  function show(level, aloud) {
    let count = 0;
    for (const file of findings.querySelectorAll("[data-file]")) {
      let any = false;
      for (const finding of file.querySelectorAll(".finding")) {
        finding.hidden = level !== "all" && finding.dataset.level !== level;
        if (!finding.hidden) { any = true; count += 1; }
      }
      file.hidden = !any;
    }
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.level === level));
    if (aloud) RunbookSite.say("Showing " + count + (count === 1 ? " finding" : " findings"));
  }

  // A link to a finding must lead to it whatever the filter says.
  function reveal() {
    const target = RunbookSite.target(location.hash);
    if (target && target.hidden) {
      show("all", false);
      target.scrollIntoView();
    }
  }

  filter.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-level]");
    if (button) show(button.dataset.level, true);
  });
  addEventListener("hashchange", reveal);
  filter.hidden = false;
})();
