// Filters a list by words and by what its entries say of themselves. Without this script everything shows.
//
// `form[data-filter]` holds a field `q` and selects whose names are `data-` attributes: that of the entry
// (`[data-filter-item]`), else of the nearest element around it. The lists of the selects are filled from the entries, with
// counts; `data-more` names the link of an entry that leads to all of the chosen value. A group (`[data-filter-group]`)
// goes with its last entry. The state stands in the address, so that it can be sent.
"use strict";
(function () {
  const quiet = 400; // milliseconds without a key before the count is said

  for (const form of document.querySelectorAll("form[data-filter]")) start(form);

  function start(form) {
    const article = form.closest("article") || document.getElementById("main"); // a page may hold several documents
    const items = Array.from(article.querySelectorAll("[data-filter-item]"));
    const groups = Array.from(article.querySelectorAll("[data-filter-group]"));
    const selects = Array.from(form.querySelectorAll("select[name]:not([data-sort-by])"));
    const words = form.elements.namedItem("q");
    const count = form.querySelector("[data-filter-count]");
    const noun = form.dataset.noun || "entry";
    const inPages = Boolean(article.querySelector(".pager"));
    const texts = new Map();
    const headings = new Map(groups.map(function (group) {
      const first = group.firstElementChild;
      return [group, first && /^H[2-3]$/.test(first.tagName) ? first.textContent : ""];
    }));
    const values = new Map(selects.map(function (select) {
      return [select, new Map(items.map(function (item) { return [item, valuesOf(item, select)]; }))];
    }));

    function valuesOf(item, select) {
      const holder = item.closest("[data-" + select.name + "]");
      const value = holder ? holder.getAttribute("data-" + select.name).trim() : "";
      if (!value) return [];
      return select.hasAttribute("data-split") ? value.split(/\s*[/,]\s*/).filter(Boolean) : [value];
    }

    // What an entry is found by: its own words and the heading of its group.
    function textOf(item) {
      if (!texts.has(item)) {
        texts.set(item, (item.textContent + " " + (headings.get(item.closest("[data-filter-group]")) || "")).toLowerCase());
      }
      return texts.get(item);
    }

    function matches(item, except) {
      for (const select of selects) {
        if (select !== except && select.value && !values.get(select).get(item).includes(select.value)) return false;
      }
      return asked.every(function (word) { return textOf(item).includes(word); });
    }

    let asked = []; // the words that are asked for
    function ask() {
      asked = words ? words.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
    }

    // The values of a select with how many entries would show, were it chosen.
    function fill(select) {
      const counts = new Map();
      for (const item of items) {
        const fits = matches(item, select);
        for (const value of values.get(select).get(item)) counts.set(value, (counts.get(value) || 0) + (fits ? 1 : 0));
      }
      const order = (select.dataset.order || "").split(" ");
      const rank = function (value) { return order.includes(value) ? order.indexOf(value) : order.length; };
      const choices = Array.from(counts.keys()).sort(function (a, b) {
        return rank(a) - rank(b) || a.localeCompare(b, "en", { numeric: true });
      });
      const chosen = select.value;
      select.replaceChildren(select.options[0], ...choices.map(function (value) {
        const option = new Option(value + " (" + counts.get(value) + ")", value);
        return option;
      }));
      select.value = choices.includes(chosen) ? chosen : "";
      select.disabled = choices.length < 2; // hidden, it would move what stands beside it
    }

    function apply(how) {
      let shown = 0;
      ask();
      for (const item of items) {
        const fits = matches(item);
        if (item.hidden === fits) item.hidden = !fits;
        if (fits) shown += 1;
      }
      for (const group of groups) {
        group.hidden = !group.querySelector("[data-filter-item]:not([hidden])");
        const heading = group.dataset.filterHeading && document.getElementById(group.dataset.filterHeading);
        if (heading) heading.hidden = group.hidden;
      }
      for (const select of selects) fill(select);
      const text = sentence(shown);
      if (count) count.replaceChildren(text, ...more());
      if (how.aloud) say(text);
      if (how.keep) keep();
    }

    function sentence(shown) {
      const plural = (items.length === 1 ? noun : noun + "s") + (inPages ? " on this page" : "");
      if (shown === items.length) return items.length + " " + plural;
      return (shown === 0 ? "None" : shown) + " of " + items.length + " " + plural;
    }

    // A list in pages shows a part of what was chosen: the page of the chosen value has it all.
    function more() {
      const select = selects.find(function (select) { return select.dataset.more && select.value; });
      const item = select && items.find(function (item) { return values.get(select).get(item).includes(select.value); });
      const page = item && item.querySelector(select.dataset.more);
      if (!page) return [];
      const link = document.createElement("a");
      link.href = page.href;
      link.textContent = "All of " + select.value;
      return [" ", link];
    }

    let timer = 0;
    function say(text) {
      clearTimeout(timer);
      timer = setTimeout(function () { RunbookSite.say("Showing " + text); }, quiet);
    }

    // #level=error&q=redis
    function keep() {
      if (document.querySelectorAll("main > article").length > 1) return; // there the address says which document is shown
      const state = new URLSearchParams();
      for (const field of [words, ...selects]) if (field && field.value) state.set(field.name, field.value);
      const hash = state.toString();
      try {
        history.replaceState(history.state, "", hash ? "#" + hash : location.pathname + location.search);
      } catch (refused) { /* the state is not kept */ }
    }

    // Whether the address holds a state of this filter.
    function read() {
      const fields = [words, ...selects].filter(Boolean);
      const state = new URLSearchParams(location.hash.slice(1));
      const names = Array.from(state.keys());
      if (!names.length || !names.every(function (name) { return fields.some(function (field) { return field.name === name; }); })) return false;
      for (const field of fields) field.value = state.get(field.name) || "";
      return true;
    }

    // A link to an entry must lead to it whatever the filter says.
    function follow() {
      if (read()) return apply({ aloud: true });
      const target = RunbookSite.target(location.hash);
      if (target && target.closest("[hidden]")) {
        clear();
        apply({});
        target.scrollIntoView();
      }
    }

    function clear() {
      for (const field of [words, ...selects]) if (field) field.value = "";
    }

    for (const select of selects) fill(select); // first, so that the address can choose among the values
    read();
    apply({});
    form.addEventListener("input", function (event) {
      if (!event.target.hasAttribute("data-sort-by")) apply({ aloud: true, keep: true });
    });
    form.addEventListener("reset", function (event) {
      event.preventDefault();
      clear();
      apply({ aloud: true, keep: true });
      if (words) words.focus();
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    addEventListener("hashchange", follow);
  }
})();
