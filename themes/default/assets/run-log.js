// The record of a run as Markdown, for the ticket of an incident. No DOM, no clock, no storage: the same run gives the
// same text. Times are in UTC.
globalThis.RunbookRunLog = (() => {
  "use strict";

  const MINUTE = 60000;

  return { markdown, timeline, compare, fileName };

  /** The whole log. `now` is the time of the export, for a run that is still open. */
  function markdown(run, now) {
    const done = run.steps.filter((step) => run.done[step.key]);
    const open = run.steps.length - done.length;
    const end = run.ended || now;
    const facts = [
      `- Runbook: ${escape(run.title)} (\`${run.document}\`${run.revision ? `, revision \`${run.revision}\`` : ""})`,
      `- Address: <${run.address}>`,
      `- Started: ${time(run.began)}`,
      run.ended ? `- Finished: ${time(run.ended)}` : `- Still open at ${time(now)}`,
      `- Elapsed: ${words(minutes(run, end))}${estimate(run, minutes(run, end))}`,
      `- Steps: ${done.length} of ${run.steps.length} done${open ? `, ${open} ${run.ended ? "skipped" : "open"}` : ""}`,
    ];
    return [`# Run of ${escape(run.title)}`, "", ...facts, "", "## Steps", "", ...run.steps.flatMap((step) => stepLines(run, step)), "",
      "## Log", "", ...timeline(run, end).flatMap(entryLines), ""].join("\n");
  }

  /** All that happened, in order: {at, text, code (or empty), note (or empty)}. */
  function timeline(run, end) {
    const bands = run.bands.filter((band) => run.began + band.from * MINUTE <= end).map((band) => (
      { at: run.began + band.from * MINUTE, text: `Escalation from ${words(band.from)}: ${band.roles}` }));
    const entries = [{ at: run.began, text: "Run started" }, ...bands, ...run.events.map((event) => entry(run, event))];
    if (run.ended) entries.push({ at: run.ended, text: "Run finished" });
    return entries.sort((a, b) => a.at - b.at);
  }

  function entry(run, event) {
    const step = run.steps.find((step) => step.key === event.key);
    const name = step ? nameOf(step) : event.name || event.key;
    switch (event.kind) {
      case "done": return { at: event.at, text: `Done: ${name}` };
      case "before": return { at: event.at, text: `Done before the run: ${name}` };
      case "undone": return { at: event.at, text: `Not done after all: ${name}` };
      case "copied": return { at: event.at, text: event.key ? `Copied in ${name}` : "Copied", code: event.text };
      case "entry": return { at: event.at, text: "Entry", note: event.text };
      default: return { at: event.at, text: event.text };
    }
  }

  /** How the steps of a run differ from those of the runbook now: lists of names, and keys that moved. */
  function compare(then, now) {
    const keys = new Map(now.map((step) => [step.key, step]));
    const old = new Set(then.map((step) => step.key));
    const added = now.filter((step) => !old.has(step.key));
    const changed = [], removed = [], moved = [];
    for (const step of then) {
      const same = keys.get(step.key);
      if (same) {
        if (same.hash !== step.hash) changed.push(same);
        continue;
      }
      // A step of another number or title, with the same text below it, is the same step.
      const at = added.findIndex((other) => other.hash && other.hash === step.hash);
      if (at >= 0) moved.push({ from: step, to: added.splice(at, 1)[0] });
      else removed.push(step);
    }
    return { changed, added, removed, moved };
  }

  function fileName(run) {
    const name = run.document.replace(/\.html$/, "").replace(/[^\w-]+/g, "-");
    return `run-${name}-${time(run.began).replace(/[-:]/g, "").slice(0, 13)}Z.md`;
  }

  // ---- Parts of the text -------------------------------------------------------------------------------------------------

  function stepLines(run, step) {
    const at = run.done[step.key];
    const note = run.notes[step.key];
    const state = at ? `done ${time(at)}, after ${words(minutes(run, at))}` : run.ended ? "skipped" : "open";
    const lines = [`- [${at ? "x" : " "}] ${escape(nameOf(step))} (${state})`];
    if (note && note.text.trim()) lines.push(`  - Note (${time(note.at)}): ${indent(note.text.trim(), "    ")}`);
    return lines;
  }

  function entryLines({ at, text, code, note }) {
    const lines = [`- ${time(at)} ${escape(text)}${note ? `: ${indent(note.trim(), "  ")}` : ""}`];
    if (code) {
      const fence = "`".repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
      lines.push("", `  ${fence}`, `  ${indent(code, "  ")}`, `  ${fence}`, "");
    }
    return lines;
  }

  function estimate(run, elapsed) {
    const { min, max } = run.estimate || {};
    if (!Number.isFinite(max)) return "";
    const over = elapsed > max ? `, ${words(elapsed - max)} over` : "";
    return ` (estimate ${min === max || !Number.isFinite(min) ? words(max) : `${min}–${words(max)}`}${over})`;
  }

  function nameOf(step) {
    return step.number ? `Step ${step.number}: ${step.title}` : step.title;
  }

  function minutes(run, at) {
    return Math.max(0, Math.floor((at - run.began) / MINUTE));
  }

  function words(minutes) {
    const hours = Math.floor(minutes / 60);
    return hours ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${minutes} min`;
  }

  function time(at) {
    return new Date(at).toISOString().replace(/\.\d+/, "");
  }

  function indent(text, by) {
    return text.split(/\r?\n/).join(`\n${by}`);
  }

  // Titles are text: what means something in Markdown is to stand as it is.
  function escape(text) {
    return text.replace(/[\\`*_[\]<>]/g, "\\$&");
  }
})();
