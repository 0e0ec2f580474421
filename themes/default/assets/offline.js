// Turns the file of all documents into pages: one is shown, the fragment says which (`#database/failover.html/step-1`).
// Tells other scripts by the event `runbook-site:document`, at first and whenever another document is shown.
"use strict";
(function () {
  const html = document.documentElement;
  const articles = new Map();
  for (const article of document.querySelectorAll("article[data-document]")) articles.set(article.id, article);
  const [first] = articles.values();
  if (!first) return;
  const brand = document.querySelector(".brand > span");
  const siteTitle = brand ? brand.textContent : document.title;
  const homeTitle = document.title;
  // Where a page of the history had been scrolled to. The browser would restore that before the document is shown.
  const scrolled = new Map();
  let visit = 0;
  let visits = 0;
  let shown = null;

  // ---- What the site has as files is part of this one ----------------------------------------------------------------

  const loading = new Map();
  RunbookSite.load = function (path) {
    const name = path.split("?")[0];
    if (!loading.has(name)) loading.set(name, run(name));
    return loading.get(name);
  };

  async function run(name) {
    const kept = Array.from(document.querySelectorAll("script[data-file]")).find(function (script) { return script.dataset.file === name; });
    if (!kept) throw new Error("not in this file: " + name);
    const script = document.createElement("script");
    script.textContent = kept.textContent;
    kept.remove();
    document.head.append(script);
  }

  RunbookSite.href = function (url, anchor) {
    return "#" + encodeURIComponent(place(decodeURIComponent(url)) + (anchor ? "/" + place(anchor) : "")).replace(/%2F/g, "/");
  };

  // As the builder makes ids of addresses, see `place` in src/site/offline/rewrite.rs.
  function place(text) {
    return text.replace(/%/g, "%25").replace(/ /g, "%20");
  }

  // ---- Showing a document --------------------------------------------------------------------------------------------

  // The document that a fragment names: itself, or a place in it, which may be gone.
  function articleOf(hash) {
    const target = RunbookSite.target(hash);
    if (target) return target.closest("article[data-document]");
    let start = hash.slice(1);
    try { start = decodeURIComponent(start); } catch (malformed) { /* as it is, then */ }
    for (let id = start; id; id = id.slice(0, Math.max(0, id.lastIndexOf("/")))) {
      if (articles.has(id)) return articles.get(id);
    }
    return null;
  }

  function show(article) {
    if (article === shown) return false;
    if (shown) shown.removeAttribute("data-shown");
    for (const other of articles.values()) other.hidden = other !== article;
    article.setAttribute("data-shown", "");
    shown = article;
    html.dataset.page = article.dataset.document;
    const title = titleOf(article);
    document.title = title && title !== siteTitle ? title + " · " + siteTitle : homeTitle;
    for (const link of document.querySelectorAll("#site-navigation [href]")) {
      if (RunbookSite.target(link.hash) === article) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    return true;
  }

  function titleOf(article) {
    const heading = article.querySelector("h1");
    return heading ? heading.textContent.trim() : "";
  }

  function announce() {
    document.dispatchEvent(new CustomEvent("runbook-site:document", { detail: { article: shown } }));
  }

  // Follows the address. `#main` and the like are places of the frame: the browser goes there by itself.
  function follow() {
    const hash = location.hash;
    const target = RunbookSite.target(hash);
    const article = articleOf(hash) || (hash.length > 1 && shown ? null : first);
    if (!article) return;
    const isNew = show(article);
    if (isNew) announce();
    const before = leave();
    if (before !== null) return scrollTo(0, before);
    if (target && target !== article) {
      target.scrollIntoView();
      focus(target);
    } else {
      scrollTo(0, 0);
      if (isNew) focus(article.querySelector("h1") || article);
    }
  }

  // Begins a visit, and tells where the page was scrolled when it was left, if it is one that was seen before.
  function leave() {
    const kept = history.state && history.state.visit;
    if (kept && scrolled.has(kept)) {
      visit = kept;
      return scrolled.get(kept);
    }
    visit = ++visits;
    try { history.replaceState({ visit }, ""); } catch (refused) { /* then it is scrolled to its top */ }
    return null;
  }

  function focus(element) {
    if (!element.matches("a[href], button, input, select, textarea, summary, [tabindex]")) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  addEventListener("scroll", function () { scrolled.set(visit, scrollY); }, { passive: true });
  addEventListener("hashchange", follow);
  // A second press on the link to what is shown changes no address.
  document.addEventListener("click", function (event) {
    const link = event.target.closest && event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash && !event.defaultPrevented) follow();
  });
  if ("scrollRestoration" in history) history.scrollRestoration = "manual";

  // Told twice: what runs behind this script asks which document is shown, what listens only is told when all have run.
  show(articleOf(location.hash) || first);
  announce();
  document.addEventListener("DOMContentLoaded", function () {
    announce();
    // The column at the side holds nothing else here.
    const all = document.querySelector("details[data-navigation]");
    if (all && matchMedia("(min-width: 50em)").matches) all.open = true;
    leave();
    const target = RunbookSite.target(location.hash);
    if (target && target !== shown) target.scrollIntoView();
  });
})();
