// The list of the page's sections: open where it has a column of its own, and marking the section being read.
"use strict";
(function () {
  const toc = document.querySelector("details.toc");
  const wide = matchMedia("(min-width: 75em)");
  if (toc) {
    const fit = function () { toc.open = wide.matches; };
    wide.addEventListener("change", fit);
    fit();
    toc.addEventListener("click", function (event) {
      if (!wide.matches && event.target.closest("a")) toc.open = false;
    });
  }

  const links = new Map();
  for (const link of document.querySelectorAll(".toc a, .sections a")) {
    const heading = RunbookSite.target(link.hash);
    if (heading) links.set(heading, link);
  }
  if (!links.size) return;

  // The section being read is the last whose heading has passed the upper quarter of the window; at the end, the last.
  let current = null;
  let waiting = false;
  function mark() {
    waiting = false;
    const edge = innerHeight / 4;
    let found = null;
    for (const heading of links.keys()) {
      if (heading.getBoundingClientRect().top > edge) break;
      found = heading;
    }
    if (scrollY > 0 && innerHeight + scrollY >= document.documentElement.scrollHeight - 2) found = Array.from(links.keys()).pop();
    if (found === current) return;
    if (current) links.get(current).removeAttribute("aria-current");
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
