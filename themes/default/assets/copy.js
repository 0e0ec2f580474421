// Copy buttons of code blocks. Uses the clipboard API where the page may (https, localhost), else a hidden text area,
// which also works on plain http and from disk; where neither does, selects the text and says so.
"use strict";
(function () {
  const shown = 2500; // milliseconds that the outcome stays on the button

  function textOf(button) {
    const figure = button.closest("figure") || button.parentElement;
    const code = figure.querySelector("pre code, pre");
    if (!code) return { code, text: "" };
    const before = button.previousElementSibling;
    const scope = code.contains(button) && before ? before : code;
    const copied = scope.cloneNode(true);
    for (const left of copied.querySelectorAll("[data-skip], button")) left.remove();
    return { code, text: copied.textContent.replace(/^\n+|\n+$/g, "") };
  }

  function copyByArea(text) {
    const focused = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.className = "visually-hidden";
    area.setAttribute("aria-hidden", "true");
    document.body.append(area);
    area.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch (refused) { done = false; }
    area.remove();
    if (focused && focused.focus) focused.focus({ preventScroll: true });
    return done;
  }

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
    if (!code) return;
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  const timers = new WeakMap();
  function show(button, state, label) {
    button.dataset.state = state;
    button.textContent = label;
    clearTimeout(timers.get(button));
    timers.set(button, setTimeout(function () {
      delete button.dataset.state;
      button.textContent = "Copy";
    }, shown));
  }

  for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;

  // One listener for the page, so that buttons added later (offline page, live reload) work too.
  document.addEventListener("click", async function (event) {
    const button = event.target.closest && event.target.closest("button[data-copy]");
    if (!button) return;
    const { code, text } = textOf(button);
    if (await copy(text)) {
      show(button, "done", "Copied");
      RunbookSite.say("Copied");
    } else {
      select(code);
      show(button, "failed", "Selected");
      RunbookSite.say("Could not copy. The text is selected: copy it with the keyboard.");
    }
  });
})();
