// The side navigation: a drawer on phones, and the list of all runbooks, which one generated script holds for the whole
// site (`search/navigation.js`) and which is loaded when somebody first asks for it.
"use strict";
(function () {
  const html = document.documentElement;
  const side = document.getElementById("site-navigation");
  if (!side) return;

  // Called by search/navigation.js: [{heading, items: [{title, url, note}]}].
  RunbookSite.navigation = function (groups) {
    const list = side.querySelector("[data-navigation-list]");
    if (!list) return;
    list.removeAttribute("aria-busy");
    list.replaceChildren(...groups.filter(function (group) { return group.items.length; }).map(groupOf));
  };

  // A category's items are made when it is opened, so that a site of thousands stays quick.
  function groupOf(group) {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    const heading = document.createElement("span");
    heading.textContent = group.heading;
    const count = document.createElement("span");
    count.className = "time";
    count.textContent = group.items.length;
    summary.append(heading, " ", count);
    details.append(summary);
    function fill() {
      if (details.querySelector("ul")) return;
      const list = document.createElement("ul");
      list.append(...group.items.map(itemOf));
      details.append(list);
    }
    details.addEventListener("toggle", function () { if (details.open) fill(); });
    if (group.items.some(function (item) { return RunbookSite.isHere(item.url); })) {
      fill();
      details.open = true;
    }
    return details;
  }

  function itemOf(item) {
    const entry = document.createElement("li");
    const link = document.createElement("a");
    link.href = RunbookSite.href(item.url);
    if (RunbookSite.isHere(item.url)) link.setAttribute("aria-current", "page");
    const title = document.createElement("span");
    title.textContent = item.title;
    link.append(title);
    if (item.note) {
      const note = document.createElement("span");
      note.className = "time";
      note.textContent = item.note;
      link.append(" ", note);
    }
    entry.append(link);
    return entry;
  }

  const all = side.querySelector("details[data-navigation]");
  let asked = false;
  if (all) all.addEventListener("toggle", function (event) {
    if (event.target !== all || !all.open || asked) return;
    asked = true;
    RunbookSite.load("search/navigation.js").catch(function () {
      asked = false;
      const list = all.querySelector("[data-navigation-list]");
      const text = document.createElement("p");
      text.className = "quiet";
      const link = document.createElement("a");
      link.href = RunbookSite.root + "index.html";
      link.textContent = "Open the index";
      text.append("The list could not be loaded. ", link);
      list.removeAttribute("aria-busy");
      list.replaceChildren(text);
    });
  });

  // Bring the current page into view in a long list, without moving the page.
  const here = side.querySelector("[aria-current=page]");
  if (here && side.scrollHeight > side.clientHeight) {
    side.scrollTop = here.getBoundingClientRect().top - side.getBoundingClientRect().top - side.clientHeight / 3;
  }

  // The drawer.
  const opener = document.querySelector("button[data-menu]");
  const closer = side.querySelector("[data-menu-close]");
  const narrow = matchMedia("(max-width: 49.99em)");
  if (!opener || !closer) return;
  const rest = [document.querySelector("header.top"), document.getElementById("main"), document.querySelector("footer.foot"), document.querySelector(".skip")];
  const veil = document.createElement("div");
  veil.className = "veil";

  function open() {
    html.dataset.drawer = "open";
    opener.setAttribute("aria-expanded", "true");
    side.before(veil);
    for (const part of rest) if (part) part.inert = true;
    closer.focus();
  }
  function close(back) {
    if (!html.dataset.drawer) return;
    delete html.dataset.drawer;
    opener.setAttribute("aria-expanded", "false");
    veil.remove();
    for (const part of rest) if (part) part.inert = false;
    if (back) opener.focus();
  }
  opener.addEventListener("click", open);
  closer.addEventListener("click", function () { close(true); });
  veil.addEventListener("click", function () { close(true); });
  side.addEventListener("click", function (event) { if (event.target.closest("a[href]")) close(false); });
  addEventListener("keydown", function (event) { if (event.key === "Escape") close(true); });
  narrow.addEventListener("change", function () { close(false); });
})();
