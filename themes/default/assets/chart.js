// Marks today on the chart of ages. The built page holds dates only, so that it does not change with the day.
"use strict";
(function () {
  const chart = document.querySelector("svg[data-ages]");
  if (!chart) return;
  const { first, months, left, slot, top, base } = chart.dataset;
  const now = new Date();
  const length = new Date(now.getFullYear(), now.getMonth() + 1, 0).getDate();
  const month = now.getFullYear() * 12 + now.getMonth() + (now.getDate() - 1) / length; // since the year 0
  const at = Number(left) + (month / months - first) * slot;
  const end = chart.viewBox.baseVal.width - 4;
  const x = Math.min(at, end);
  if (x < left) return; // the clock is wrong, or the dates are
  const line = part("line", { class: "today", x1: x, x2: x, y1: top - 12, y2: base });
  const fits = end - x > 48; // the word has no room at the edge
  const text = part("text", { class: fits ? "today" : "today before", x: fits ? x + 6 : x - 6, y: top - 6 });
  text.textContent = at > end ? "today →" : "today";
  chart.append(line, text);

  function part(name, attributes) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }
})();
