// What the site's scripts share: `window.RunbookSite`, defined before any other script runs.
"use strict";
(function () {
  const html = document.documentElement;

  // The prefix from this page to the site's root: "", "../", …
  const root = html.dataset.root || "";

  // Adds a classic script of the site, once, and tells when it has run. Works from file:// too, where fetch does not.
  const loading = new Map();
  function load(path) {
    if (!loading.has(path)) {
      loading.set(path, new Promise(function (resolve, reject) {
        const script = document.createElement("script");
        script.src = root + path;
        script.onload = resolve;
        script.onerror = function () {
          loading.delete(path);
          script.remove();
          reject(new Error("cannot load " + path));
        };
        document.head.append(script);
      }));
    }
    return loading.get(path);
  }

  // The element that a fragment such as "#step-1" names. A fragment need not be well encoded ("#100%-cpu").
  function target(hash) {
    const id = hash.slice(1);
    return (id && (document.getElementById(id) || document.getElementById(decoded(id)))) || null;
  }

  function decoded(text) {
    try { return decodeURIComponent(text); } catch (malformed) { return text; }
  }

  // The address of a page of the site, by its encoded path from the root, and of a place on it by its id.
  // offline.js has its own: there pages are places of one file.
  function href(url, anchor) {
    return root + url + (anchor ? "#" + encodeURIComponent(anchor) : "");
  }

  // Whether a path from the root, encoded or not, is this page.
  function isHere(url) {
    return decoded(url) === decoded(html.dataset.page || "");
  }

  // The document being read. A page holds one; the offline page holds all and tells which it shows.
  let shown = null;
  document.addEventListener("runbook-site:document", function (event) { shown = event.detail.article; });
  function article() {
    return shown || document.querySelector("article[data-document]");
  }

  // Calls a function with the document being read, now and whenever another is shown.
  function eachDocument(open) {
    document.addEventListener("runbook-site:document", function (event) { open(event.detail.article); });
    if (article()) open(article());
  }

  // Says a sentence to a screen reader; the same sentence twice is said twice. Outside of an open dialog nothing is heard.
  function say(text) {
    const status = document.querySelector("dialog[open] [data-status]") || document.querySelector("[data-status]");
    if (!status) return;
    status.textContent = "";
    setTimeout(function () { status.textContent = text; }, 60);
  }

  // What is kept in this browser, or in this tab alone. Storage may be blocked or full: `set` tells whether it was kept.
  function storeIn(name) {
    return {
      get(key) { try { return window[name].getItem("runbook-site-" + key); } catch (blocked) { return null; } },
      set(key, value) {
        try {
          if (value === null) window[name].removeItem("runbook-site-" + key);
          else window[name].setItem("runbook-site-" + key, value);
          return true;
        } catch (blocked) { return false; }
      },
    };
  }
  const store = storeIn("localStorage");
  const tabStore = storeIn("sessionStorage");

  // A list that is kept in this tab; null where there is none, or it is broken.
  function tabList(key) {
    try {
      const list = JSON.parse(tabStore.get(key));
      return Array.isArray(list) ? list : null;
    } catch (broken) { return null; }
  }

  // All of file:// shares one storage, so keys that belong to a site hold its place.
  const place = new URL(root || ".", location.href).pathname;

  window.RunbookSite = Object.assign(window.RunbookSite || {}, { root, place, load, href, target, isHere, article, eachDocument, say, store, tabStore, tabList });

  // A link to something that is folded away unfolds it, in browsers that do not do so themselves.
  function unfold() {
    const goal = target(location.hash);
    for (let fold = goal && goal.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  addEventListener("hashchange", unfold);
  addEventListener("DOMContentLoaded", unfold);

  // Print what is folded away, then fold it again.
  let opened = [];
  addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("main details:not([open])"));
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", function () {
    for (const details of opened) details.open = false;
    opened = [];
  });
})();
