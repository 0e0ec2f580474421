// The list of the page's sections: open where it has a column of its own, and marking the section being read.
"use strict";
(function () {
  const wide = matchMedia("(min-width: 75em)");
  const tocs = document.querySelectorAll("details.toc");
  function fit() { for (const toc of tocs) toc.open = wide.matches; }
  wide.addEventListener("change", fit);
  fit();
  for (const toc of tocs) toc.addEventListener("click", function (event) {
    if (!wide.matches && event.target.closest("a")) toc.open = false;
  });

  // The links of what is shown: in the file of all documents that is one at a time.
  const links = new Map();
  function gather() {
    links.clear();
    for (const link of document.querySelectorAll(":is(.toc, .sections) a")) {
      if (link.closest("article[hidden]")) continue;
      const heading = RunbookSite.target(link.hash);
      if (heading) links.set(heading, link);
    }
  }
  gather();
  document.addEventListener("runbook-site:document", function () { gather(); mark(); });

  // The section being read is the last whose heading has passed the upper quarter of the window; at the end, the last.
  let current = null;
  let waiting = false;
  function mark() {
    waiting = false;
    const edge = innerHeight / 4;
    let found = null;
    if (!links.size) return;
    for (const heading of links.keys()) {
      if (heading.getBoundingClientRect().top > edge) break;
      found = heading;
    }
    if (scrollY > 0 && innerHeight + scrollY >= document.documentElement.scrollHeight - 2) found = Array.from(links.keys()).pop();
    if (found === current) return;
    if (links.has(current)) links.get(current).removeAttribute("aria-current");
    if (found) links.get(found).setAttribute("aria-current", "true");
    current = found;
  }
  function soon() {
    if (!waiting) { waiting = true; requestAnimationFrame(mark); }
  }
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon, { passive: true });
  mark();
})();
