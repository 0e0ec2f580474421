// Tables that can be sorted by each column: those of an index and those marked `data-sortable`. The rows of an index are what
// its filter chooses from: filter.js must run after this script.
"use strict";
(function () {
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const tables = Array.from(document.querySelectorAll("main table.index-table, main table[data-sortable]"));
  const original = new Map();
  for (const table of tables) prepare(table);
  for (const form of document.querySelectorAll("main form[data-filter]")) {
    // A page may hold several documents.
    const own = tables.filter(function (table) { return table.classList.contains("index-table") && table.closest("article") === form.closest("article"); });
    if (own.length) addFilter(own, form);
  }

  function prepare(table) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 2) return;
    original.set(table, Array.from(body.rows));
    for (const head of headsOf(table)) {
      if (!head.textContent.trim()) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", function () {
        const order = { ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")] || "ascending";
        sort(table, head, order);
        RunbookSite.say(order === "none" ? "In the order of the page" : "Sorted by " + button.textContent.trim() + ", " + order);
      });
    }
  }

  function headsOf(table) {
    return table.tHead ? Array.from(table.tHead.rows[0].cells) : [];
  }

  function sort(table, head, order) {
    const column = head.cellIndex;
    const rows = original.get(table).slice();
    for (const other of headsOf(table)) other.removeAttribute("aria-sort");
    if (order !== "none") {
      head.setAttribute("aria-sort", order);
      const hasKeys = rows.some(function (row) { return row.cells[column] && row.cells[column].hasAttribute("data-sort"); });
      const keys = new Map(rows.map(function (row) { return [row, keyOf(row.cells[column], hasKeys)]; }));
      const sign = order === "ascending" ? 1 : -1;
      // What says nothing comes last either way; equal rows keep the author's order.
      rows.sort(function (a, b) {
        const x = keys.get(a), y = keys.get(b);
        if (x === null || y === null) return (x === null) - (y === null);
        return sign * compare(x, y);
      });
    }
    table.tBodies[0].append(...rows);
  }

  function keyOf(cell, hasKeys) {
    if (!cell) return null;
    const key = hasKeys ? cell.getAttribute("data-sort") : cell.textContent.trim();
    return key || null;
  }

  const number = /^-?\d+(\.\d+)?$/;
  function compare(a, b) {
    return number.test(a) && number.test(b) ? a - b : collator.compare(a, b);
  }

  // The form that filters the tables of an index is part of the page: it learns what its rows are.
  function addFilter(tables, form) {
    for (const table of tables) {
      for (const row of table.tBodies[0] ? table.tBodies[0].rows : []) row.setAttribute("data-filter-item", "");
      const region = table.closest(".wide") || table;
      region.setAttribute("data-filter-group", "");
      const heading = headingOf(region);
      if (heading && heading.id && tables.filter(function (other) { return headingOf(other.closest(".wide") || other) === heading; }).length === 1) {
        region.dataset.filterHeading = heading.id;
      }
    }
    const select = form.querySelector("[data-sort-by]");
    if (select) sortBy(select, tables);
  }

  function headingOf(region) {
    const before = region.previousElementSibling;
    return before && /^H[2-6]$/.test(before.tagName) ? before : null;
  }

  // On a telephone the headers are gone.
  function sortBy(select, tables) {
    select.addEventListener("change", function () {
      for (const table of tables.filter(function (table) { return original.has(table); })) {
        const head = headsOf(table).find(function (head) { return nameOf(head) === select.value; });
        sort(table, head || headsOf(table)[0], head ? "ascending" : "none");
      }
      RunbookSite.say(select.value ? "Sorted by " + select.value : "In the order of the page");
    });
  }

  function nameOf(head) {
    return head.textContent.trim();
  }
})();
