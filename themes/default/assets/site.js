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

  // Says a sentence to a screen reader; the same sentence twice is said twice.
  function say(text) {
    const status = document.querySelector("[data-status]");
    if (!status) return;
    status.textContent = "";
    setTimeout(function () { status.textContent = text; }, 60);
  }

  // A setting kept in this browser. Storage may be blocked or full: then it lasts as long as the page.
  const store = {
    get(key) { try { return localStorage.getItem("runbook-site-" + key); } catch (blocked) { return null; } },
    set(key, value) {
      try {
        if (value === null) localStorage.removeItem("runbook-site-" + key);
        else localStorage.setItem("runbook-site-" + key, value);
      } catch (blocked) { /* nothing to keep it in */ }
    },
  };

  window.RunbookSite = Object.assign(window.RunbookSite || {}, { root, load, href, target, isHere, say, store });

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
