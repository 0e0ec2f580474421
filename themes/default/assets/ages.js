// Writes how long ago a date was beside it. Done in the browser, so that the built pages do not change with the day.
"use strict";
(function () {
  const day = 86400000;
  const units = [["day", 1, 14], ["week", 7, 84], ["month", 30.44, 730], ["year", 365.25, Infinity]]; // name, days, used below so many days

  // Whole days between a calendar date and today, both in the reader's own time zone.
  function daysAgo(iso) {
    const parts = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso);
    if (!parts) return null;
    const now = new Date();
    const then = Date.UTC(parts[1], parts[2] - 1, parts[3]);
    return Math.round((Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - then) / day);
  }

  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" }); // made once: it costs more than all else here

  function inWords(days) {
    const [unit, length] = units.find(function ([, , limit]) { return Math.abs(days) < limit; });
    const count = Math.trunc(Math.abs(days) / length);
    return words.format(days < 0 ? count : -count, unit);
  }

  for (const time of document.querySelectorAll("main time[datetime]")) {
    const days = daysAgo(time.getAttribute("datetime"));
    if (days === null) continue;
    const age = document.createElement("small");
    age.className = "age";
    age.textContent = inWords(days);
    time.after(" ", age);
  }
})();
