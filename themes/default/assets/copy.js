// Copy buttons of commands and code blocks: the text as it is to be run, with the reader's values, without prompts and
// output. What destroys something copies on a second press. Uses the clipboard API where the page may (https, localhost),
// else a hidden text area, which also works on plain http and from disk; where neither does, selects the text and says so.
"use strict";
(function () {
  const SHOWN = 2500; // milliseconds that "Copied" stays on the button
  const WARNED = 7000; // and a warning
  const ARMED = 8000; // milliseconds within which the second press must come
  const APART = 400; // milliseconds that the two presses are apart at least: a double click or a held key is one press

  RunbookSite.copy = copy;

  // ---- What a button copies ----------------------------------------------------------------------------------------------

  // The command before a button in the code, or the whole block for the block's own button.
  function scopeOf(button) {
    if (button.closest("code")) {
      let before = button.previousElementSibling;
      while (before && !before.matches("[data-command]")) before = before.previousElementSibling;
      if (before) return before;
    }
    const figure = button.closest("figure") || button.parentElement;
    return figure.querySelector("pre code, pre");
  }

  /** Reads a scope: {text, shown (for the log: secrets masked), unfilled, unconfirmed (names), redacted}. */
  function read(scope) {
    const isBlock = !scope.matches("[data-command]");
    const isSession = Boolean((scope.closest("code") || scope).querySelector(".prompt"));
    const names = { unfilled: new Set(), unconfirmed: new Set(), filled: new Set() };
    let lines = [newLine()];

    walk(scope);
    // A line that holds prompts and output alone is none of the text.
    lines = lines.filter(function (line) { return !line.skipped || line.text.trim() !== ""; });
    if (isBlock) {
      const isBlank = function (line) { return line.text.trim() === ""; };
      while (lines.length && isBlank(lines[0])) lines.shift();
      const last = lines.findLastIndex(function (line) { return !isBlank(line) && !line.isComment; });
      // A block of nothing but comments is copied as it is.
      if (last >= 0) lines.length = last + 1;
    }
    const text = lines.map(function (line) { return line.text; }).join("\n");
    return {
      text, shown: lines.map(function (line) { return line.shown; }).join("\n"),
      unfilled: Array.from(names.unfilled), unconfirmed: Array.from(names.unconfirmed), redacted: text.includes("[redacted]"),
    };

    function newLine() {
      return { text: "", shown: "", skipped: false, isComment: false };
    }

    function walk(node) {
      if (node.nodeType === Node.TEXT_NODE) return add(node.data, node.data);
      if (node.nodeType !== Node.ELEMENT_NODE || node.matches("button")) return;
      if (node.matches("[data-skip]")) {
        // An empty line of a command behind its prompt is a line of the command.
        return node.matches(".prompt") && node.closest("[data-command]") ? undefined : skip(node.textContent);
      }
      const line = lines.at(-1);
      if (node.matches("[data-comment]")) {
        if (line.text.trim() === "") line.isComment = true;
        else if (isSession) {
          line.text = line.text.trimEnd();
          line.shown = line.shown.trimEnd();
          return;
        }
      }
      if (node.matches("var[data-variable]")) {
        const value = RunbookSite.variables ? RunbookSite.variables.read(node)
          : { text: node.textContent, shown: node.textContent, name: node.dataset.variable, state: "unfilled" };
        if (!node.closest("[data-comment]")) names[value.state].add(value.name);
        return add(value.text, value.shown);
      }
      for (const child of node.childNodes) walk(child);
    }

    function add(text, shown) {
      const shownParts = shown.split("\n");
      text.split("\n").forEach(function (part, number) {
        if (number > 0) lines.push(newLine());
        const line = lines.at(-1);
        line.text += part;
        line.shown += shownParts[number] || "";
      });
    }

    function skip(text) {
      for (let number = text.split("\n").length; number > 0; number -= 1) {
        lines.at(-1).skipped = true;
        if (number > 1) lines.push(newLine());
      }
      // Behind the last line break nothing is skipped.
      if (text.endsWith("\n")) lines.at(-1).skipped = false;
    }
  }

  // What a scope destroys, in words; empty where it destroys nothing.
  function dangerOf(scope) {
    const marked = [scope, ...scope.querySelectorAll("[data-risk]")];
    const figure = scope.matches("[data-command]") ? null : scope.closest("figure");
    if (figure) marked.push(figure);
    const worst = marked.filter(function (element) { return element.dataset.risk === "destructive"; });
    if (!worst.length) return "";
    const reasons = Array.from(new Set(worst.map(function (element) { return element.dataset.reason; }).filter(Boolean)));
    if (!reasons.length) return "this destroys data";
    return reasons.slice(0, 2).join("; ") + (reasons.length > 2 ? "; and " + (reasons.length - 2) + " more" : "");
  }

  function warningsOf(content) {
    const warnings = [];
    if (content.unfilled.length) warnings.push("Not filled in: " + content.unfilled.join(", "));
    if (content.unconfirmed.length) warnings.push("Not confirmed: " + content.unconfirmed.join(", "));
    if (content.redacted) warnings.push("A secret was left out: put it in for [redacted]");
    return warnings.join(". ");
  }

  // ---- The clipboard -----------------------------------------------------------------------------------------------------

  function copyByArea(text) {
    const focused = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.className = "copy-area";
    area.setAttribute("aria-hidden", "true");
    (document.querySelector("dialog[open]") || document.body).append(area); // what is outside of an open dialog cannot be selected
    area.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch (refused) { done = false; }
    area.remove();
    if (focused && focused.focus) focused.focus({ preventScroll: true });
    return done;
  }

  /** Puts a text on the clipboard; tells whether it is there. */
  async function copy(text) {
    if (window.isSecureContext && navigator.clipboard) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch (refused) { /* no permission, or the page is not focused: try the other way */ }
    }
    return copyByArea(text);
  }

  function select(code) {
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  // ---- What a button says ------------------------------------------------------------------------------------------------

  const labels = new WeakMap();
  const timers = new WeakMap();
  let armed = null; // {button, at}

  function show(button, state, label, time) {
    if (!labels.has(button)) labels.set(button, { text: button.textContent, name: button.getAttribute("aria-label") });
    button.dataset.state = state;
    button.textContent = label;
    if (labels.get(button).name !== null) button.setAttribute("aria-label", label);
    clearTimeout(timers.get(button));
    timers.set(button, setTimeout(function () { rest(button); }, time));
  }

  function rest(button) {
    const label = labels.get(button);
    clearTimeout(timers.get(button));
    if (armed && armed.button === button) armed = null;
    if (!label || !button.dataset.state) return;
    delete button.dataset.state;
    button.textContent = label.text;
    if (label.name !== null) button.setAttribute("aria-label", label.name);
  }

  function disarm() {
    if (armed) rest(armed.button);
  }

  // Whether this press may copy: for what destroys, the second one, made on purpose.
  function mayCopy(button, danger, warnings) {
    if (!danger) return true;
    if (armed && armed.button === button) return performance.now() - armed.at >= APART;
    disarm();
    const label = "Press again: " + danger + (warnings ? ". " + warnings : "");
    show(button, "armed", label, ARMED);
    armed = { button, at: performance.now() };
    button.focus({ preventScroll: true }); // not every browser does it on a click, and focus that leaves must disarm
    RunbookSite.say(label);
    return false;
  }

  async function press(button) {
    const scope = scopeOf(button);
    if (!scope) return;
    const content = read(scope);
    const warnings = warningsOf(content);
    if (!mayCopy(button, dangerOf(scope), warnings)) return;
    rest(button);
    if (!await copy(content.text)) {
      select(scope);
      show(button, "failed", "Selected", SHOWN);
      RunbookSite.say("Could not copy. The text is selected: copy it with the keyboard.");
      return;
    }
    const said = warnings ? "Copied. " + warnings : "Copied";
    show(button, warnings ? "warned" : "done", said, warnings ? WARNED : SHOWN);
    RunbookSite.say(said);
    document.dispatchEvent(new CustomEvent("runbook-site:copied", { detail: { text: content.shown, from: button } }));
  }

  // ---- Listeners: of the page, so that buttons added later (offline page, live reload) work too -----------------------------

  function unhide() {
    for (const button of document.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
  }
  unhide();
  document.addEventListener("runbook-site:document", unhide);

  function buttonAt(target) {
    return target && target.closest && target.closest("button[data-copy]");
  }

  document.addEventListener("click", function (event) {
    const button = buttonAt(event.target);
    if (button) press(button);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") disarm();
    else if (event.repeat && buttonAt(event.target) && (event.key === "Enter" || event.key === " ")) event.preventDefault();
  });
  document.addEventListener("focusout", function (event) { if (armed && event.target === armed.button) disarm(); });
  document.addEventListener("pointerdown", function (event) { if (armed && buttonAt(event.target) !== armed.button) disarm(); });
})();
