// The search field's panel: an ARIA combobox over `RunbookSearch` (search-engine.js), which is loaded with the index when
// somebody goes to the field. Needs `<input type="search" id="search">`, the way to the site root and the page's own url in
// `<html data-root="../" data-page="a/b.html">`. Text from the index only ever becomes text nodes.
(() => {
  "use strict";

  const input = document.getElementById("search");
  if (!input) return;
  // There already in offline.html.
  let engine = globalThis.RunbookSearch;

  const { root = "" } = document.documentElement.dataset;
  // All of file:// shares one storage, so the site's place is in the key.
  const recentKey = `runbook-site-recent:${new URL(root || ".", location.href).pathname}`;
  const KINDS = { step: "Step", command: "Command", section: "Section" };
  const FILTERS = ["owner", "category", "priority", "risk"];
  const MOST_RECENT = 6;

  const status = element("p", { className: "search-status", ariaHidden: "true" });
  const filters = element("div", { className: "search-filters", id: "search-filters", role: "group", ariaLabel: "Filters" });
  // On a narrow screen the filters are folded away, so that the results stand at the top.
  const fold = element("button", { type: "button", className: "search-fold", ariaExpanded: "false", ariaControls: filters.id, onclick: unfold }, "Filter");
  const bar = element("div", { className: "search-bar" }, status, fold);
  const list = element("div", { id: "search-results", role: "listbox", ariaLabel: "Search results" });
  const help = element("div", { className: "search-help" });
  const panel = element("div", { className: "search-panel", id: "search-panel", hidden: true }, bar, filters, list, help);
  // Announces outside the panel: a live region that appears together with its text stays unread.
  const live = element("div", { className: "search-live", role: "status", ariaLive: "polite" });

  let options = [], active = -1, turn = 0, answered = "", openFirst = false, indexLoad = null, isWarm = false;

  input.after(panel, live);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id,
    "aria-autocomplete": "list", "aria-haspopup": "listbox", autocomplete: "off", autocapitalize: "off", spellcheck: "false" })) {
    input.setAttribute(name, value);
  }
  remember();
  document.addEventListener("runbook-site:document", remember);

  // Whoever points at the field is about to search.
  input.addEventListener("pointerenter", () => { loadIndex().catch(() => {}); });
  input.addEventListener("focus", () => { loadIndex().then(warmUp).catch(() => {}); update(); });
  input.addEventListener("click", update);
  input.addEventListener("input", update);
  input.addEventListener("keydown", onKey);
  document.addEventListener("keydown", onShortcut);
  document.addEventListener("pointerdown", (event) => { if (!isOurs(event.target)) close(); });
  document.addEventListener("focusin", (event) => { if (!isOurs(event.target)) close(); });
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { close(); input.focus(); close(); } });
  panel.addEventListener("click", (event) => { if (event.target.closest("a")) close(); });
  for (const name of ["resize", "scroll"]) addEventListener(name, () => panel.hidden || place(), { passive: true });

  // ---- Index files ---------------------------------------------------------------------------------------------------

  /** Loads the engine and the index once. A failed load is tried again. */
  function loadIndex() {
    if (engine?.ready) return Promise.resolve();
    if (!indexLoad) indexLoad = loadBoth().catch((error) => { indexLoad = null; throw error; });
    return indexLoad;
  }

  async function loadBoth() {
    if (!globalThis.RunbookSearch) await RunbookSite.load("assets/search-engine.js");
    engine = globalThis.RunbookSearch;
    engine.loader = RunbookSite.load;
    if (!engine.ready) await RunbookSite.load("search/index.js");
  }

  /** Searches before the first keystroke, so that the first answer is as quick as the later ones. */
  async function warmUp() {
    if (isWarm) return;
    isWarm = true;
    showFilters();
    for (const query of ["runbok step", "a", "c", "s"]) {
      const answer = await engine.search(query);
      await Promise.all(answer.hits.map((hit) => engine.snippet(hit, answer.words)));
      // The reader's own question goes first.
      await new Promise((resolve) => { setTimeout(resolve); });
      if (input.value) return;
    }
  }

  // ---- Questions and answers -----------------------------------------------------------------------------------------

  async function update() {
    const mine = ++turn, query = input.value, isCurrent = () => mine === turn;
    if (!query.trim() && !Object.keys(chosen()).length) return showRecent();
    try {
      if (!engine?.ready) say("Loading the search…");
      open();
      await loadIndex();
      if (!isCurrent()) return;
      showFilters();
      const answer = await engine.search(query, { filters: chosen() });
      if (!isCurrent()) return;
      show(query, answer, isCurrent);
    } catch {
      if (!isCurrent()) return;
      fill([]);
      say("The search could not be loaded.");
      help.replaceChildren(toIndex());
    }
  }

  function show(query, answer, isCurrent) {
    const { hits, places, total, readAs, unknown } = answer;
    const groups = [group("Runbooks and pages", hits.map((hit) => option(hit, answer, isCurrent)))];
    if (places.length > 0) groups.push(element("p", { className: "search-label", role: "presentation" }, "Steps and commands"));
    for (const page of new Set(places.map((hit) => hit.page))) {
      const inPage = places.filter((hit) => hit.page === page);
      const label = element("p", { className: "search-page", ariaHidden: "true" }, inPage[0].title);
      groups.push(group(inPage[0].title, [label, ...inPage.map((hit) => option(hit, answer, isCurrent))]));
    }
    fill(total > 0 ? groups : []);
    answered = query;
    const shown = total > hits.length ? `, the best ${hits.length} shown` : "";
    const read = readAs.map(({ typed, read }) => `, “${typed}” read as “${read}”`).join("");
    const without = unknown.length > 0 ? `, without ${unknown.map((word) => `“${word}”`).join(", ")}` : "";
    say(total === 0 ? `No results for “${query.trim()}”` : `${total} ${total === 1 ? "result" : "results"}${shown}${read}${without}`);
    help.replaceChildren(...(total === 0 ? advice(query) : []));
    if (openFirst) go(options[0]);
    openFirst = false;
  }

  function option(hit, answer, isCurrent) {
    const inPlace = hit.kind !== "title", isFurther = answer.places.includes(hit);
    const name = isFurther ? hit.heading : hit.title;
    const text = element("span", { className: "search-snippet" });
    const link = anchor(hit, element("span", { className: "search-title" }, ...marked(engine.marked(name, answer.words))));
    if (inPlace && !isFurther && hit.heading) link.append(element("span", { className: "search-heading" }, ...marked(engine.marked(hit.heading, answer.words))));
    if (KINDS[hit.kind]) link.append(element("span", { className: "search-kind" }, KINDS[hit.kind]));
    link.dataset.kind = hit.kind;
    link.dataset.searchHit = "";
    link.append(text);
    // Results never wait for snippets: their text may have to be loaded.
    engine.snippet(hit, answer.words).then((pieces) => {
      if (pieces.length === 0) text.remove();
      else if (isCurrent()) text.append(...marked(pieces));
    }, () => {});
    return link;
  }

  function anchor({ url, anchor: id }, ...children) {
    const href = RunbookSite.href(url.split("/").map(encodeURIComponent).join("/"), id);
    return element("a", { href, role: "option", ariaSelected: "false", tabIndex: -1, className: "search-hit" }, ...children);
  }

  function marked(pieces) {
    return pieces.map((piece) => (piece.marked ? element("mark", {}, piece.text) : piece.text));
  }

  function advice(query) {
    const words = engine.suggest(query).map(({ typed, known }) => {
      const ask = () => { input.value = replaceWord(query, typed, known); input.focus(); update(); };
      return element("button", { type: "button", className: "search-word", onclick: ask }, known);
    });
    const clear = () => { filters.querySelectorAll("select").forEach((select) => { select.value = ""; }); choose(); input.focus(); };
    return [
      ...(words.length > 0 ? [element("p", {}, "Did you mean"), element("p", { className: "search-words" }, ...words)] : []),
      ...(Object.keys(chosen()).length > 0 ? [element("button", { type: "button", className: "search-word", onclick: clear }, "Clear the filters")] : []),
      toIndex(),
    ];
  }

  function replaceWord(query, typed, known) {
    const part = engine.tokens(query).flatMap((word) => word.parts).find((part) => part.text === typed);
    return part ? query.slice(0, part.start) + known + query.slice(part.end) : known;
  }

  /** Ways on for who finds nothing: the index, and whom to call where the site has a page that says so. */
  function toIndex() {
    const index = element("a", { href: RunbookSite.href("index.html") }, "See all runbooks in the index");
    const call = document.querySelector('a[href$="escalation.html"]');
    return element("p", { className: "search-ways" }, index, ...(call ? [element("a", { href: call.href }, "See whom to call")] : []));
  }

  // ---- Recent pages --------------------------------------------------------------------------------------------------

  /** Pages seen lately, `{url, title}`; none where storage is blocked, as it may be on file://. */
  function recent() {
    try {
      const pages = JSON.parse(localStorage.getItem(recentKey));
      return pages.filter(({ url, title }) => typeof url === "string" && title && !RunbookSite.isHere(url));
    } catch { return []; }
  }

  function remember() {
    const here = document.documentElement.dataset.page, title = document.querySelector("main article:not([hidden]) h1");
    if (!here || here === "index.html" || !title) return;
    try {
      localStorage.setItem(recentKey, JSON.stringify([{ url: here, title: title.textContent.trim() }, ...recent()].slice(0, MOST_RECENT + 1)));
    } catch { /* Storage is blocked: there are no recent pages then. */ }
  }

  function showRecent() {
    const pages = recent().slice(0, MOST_RECENT);
    help.replaceChildren();
    say("");
    fill(pages.length > 0 ? [group("Recent pages", pages.map(({ url, title }) => anchor({ url, anchor: null }, element("span", { className: "search-title" }, title))))] : []);
    answered = "";
    if (engine?.ready) showFilters();
    if (pages.length > 0 || filters.childElementCount > 0) open(); else close();
  }

  // ---- Filters -------------------------------------------------------------------------------------------------------

  function showFilters() {
    if (filters.childElementCount > 0) return;
    const facets = engine.facets();
    for (const name of FILTERS.filter((name) => facets[name])) {
      const choices = ["", ...facets[name]].map((value) => element("option", { value }, value || `Any ${name}`));
      filters.append(element("select", { name, ariaLabel: `Filter by ${name}`, onchange: choose }, ...choices));
    }
    fold.classList.toggle("in-use", filters.childElementCount > 0);
  }

  function choose() {
    for (const select of filters.children) select.classList.toggle("in-use", select.value !== "");
    const count = Object.keys(chosen()).length;
    fold.textContent = count > 0 ? `Filter (${count})` : "Filter";
    update();
  }

  function unfold() {
    const isOpen = filters.classList.toggle("unfolded");
    fold.setAttribute("aria-expanded", String(isOpen));
    if (isOpen && filters.firstElementChild) filters.firstElementChild.focus();
  }

  function chosen() {
    return Object.fromEntries([...filters.querySelectorAll("select")].filter((select) => select.value).map((select) => [select.name, select.value]));
  }

  // ---- The panel -----------------------------------------------------------------------------------------------------

  function fill(groups) {
    list.replaceChildren(...groups);
    options = [...list.querySelectorAll("[role=option]")];
    options.forEach((link, i) => { link.id = `search-hit-${i}`; });
    activate(-1);
  }

  function group(label, children) {
    return element("div", { role: "group", ariaLabel: label }, ...(label.startsWith("Recent") ? [element("p", { className: "search-label", ariaHidden: "true" }, label)] : []), ...children);
  }

  function activate(next) {
    if (options[active]) options[active].setAttribute("aria-selected", "false");
    active = next;
    if (!options[active]) return input.removeAttribute("aria-activedescendant");
    options[active].setAttribute("aria-selected", "true");
    options[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[active].id);
  }

  function say(text) {
    status.textContent = text;
    if (live.textContent !== text) live.textContent = text;
  }

  function open() {
    panel.hidden = false;
    input.setAttribute("aria-expanded", "true");
    place();
  }

  function close() {
    turn++;
    openFirst = false;
    panel.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  /** Puts the panel under the field, or across a narrow screen, and keeps it above an on-screen keyboard. */
  function place() {
    const field = input.getBoundingClientRect(), view = globalThis.visualViewport, width = document.documentElement.clientWidth;
    const narrow = width < 640, wide = Math.min(Math.max(field.width, 560), width - 32);
    const left = narrow ? 0 : Math.max(16, Math.min(field.left, width - wide - 16));
    const height = (view ? view.height : innerHeight) - field.bottom - 16;
    for (const [name, value] of Object.entries({ left, top: field.bottom + 8, width: narrow ? width : wide, height: Math.max(height, 160) })) {
      panel.style.setProperty(`--search-${name}`, `${value}px`);
    }
  }

  function isOurs(target) {
    return target === input || panel.contains(target);
  }

  function go(link) {
    if (!link) return;
    link.click();
    close();
  }

  // ---- Keys ----------------------------------------------------------------------------------------------------------

  function onKey(event) {
    if (event.isComposing) return;
    const isOpen = !panel.hidden, count = options.length;
    const keys = {
      ArrowDown() { if (!isOpen) update(); else if (count) activate((active + 1) % count); },
      ArrowUp() { if (!isOpen) update(); else if (count) activate(active <= 0 ? count - 1 : active - 1); },
      Enter() {
        if (options[active]) go(options[active]);
        else if (input.value.trim()) { openFirst = answered !== input.value || !isOpen; if (openFirst) update(); else go(options[0]); }
      },
      Escape() { if (isOpen) close(); else input.value = ""; },
    };
    // Home and End move the caret, as in any editable combobox, so no option stays active.
    if (event.key === "Home" || event.key === "End") activate(-1);
    if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key]();
  }

  function onShortcut(event) {
    const typing = event.target !== input && event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    const command = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && event.target !== input;
    if (typing || event.defaultPrevented || !(command || slash)) return;
    event.preventDefault();
    input.focus();
    input.select();
  }

  function element(name, properties, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key === "role" || key.startsWith("aria")) node.setAttribute(key.replace(/^aria/, "aria-").toLowerCase(), value);
      else node[key] = value;
    }
    node.append(...children);
    return node;
  }
})();
