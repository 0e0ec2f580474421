// The placeholders of a runbook: one field for each name, filled once, shown in every command. Values stay in this tab,
// those of secrets only in the page. A value that came by the address is marked until the reader accepts it.
"use strict";
(function () {
  const { quote, refusal, isSecret } = RunbookQuote;
  const MASK = "••••••";

  // One page of variables for each document: `names` maps a name to {value, confirmed, secret, reason}.
  const pages = new WeakMap();
  let fields = 0;

  RunbookSite.variables = { read, values, adopt };

  RunbookSite.eachDocument(function (article) {
    const form = article.querySelector("form[data-variables]");
    if (!form || pages.has(article)) return;
    const page = { article, form, names: new Map(), places: new Map(), originals: new WeakMap(), kept: readKept(article) };
    pages.set(article, page);
    for (const placeholder of placeholdersOf(article)) {
      const name = placeholder.dataset.variable;
      page.originals.set(placeholder, { nodes: Array.from(placeholder.childNodes), text: placeholder.textContent });
      page.places.set(name, (page.places.get(name) || []).concat(placesOf(placeholder)));
    }
    const asked = new URLSearchParams(location.search);
    for (const input of form.querySelectorAll("input[data-variable]")) {
      prepare(input);
      begin(page, input, asked.get(input.dataset.variable));
    }
    show(page);
    document.dispatchEvent(new CustomEvent("runbook-site:fields", { detail: { article } }));
  });

  // ---- What other scripts ask ------------------------------------------------------------------------------------------

  /** A placeholder as it is to be copied: {text, shown (for a log: secrets masked), name, state: "unfilled", "unconfirmed" or "filled"}. */
  function read(placeholder) {
    const name = placeholder.dataset.variable;
    const page = pages.get(placeholder.closest("article"));
    const variable = page && page.names.get(name);
    if (!variable || !variable.value) {
      const written = page && page.originals.get(placeholder);
      const text = written ? written.text : placeholder.textContent;
      return { text, shown: text, name, state: "unfilled" };
    }
    const text = quote(variable.value, placesOf(placeholder));
    return { text, shown: variable.secret ? MASK : text, name, state: variable.confirmed ? "filled" : "unconfirmed" };
  }

  /** The accepted values of a document, without those of secrets. */
  function values(article) {
    const page = pages.get(article);
    const kept = {};
    if (page) for (const [name, variable] of page.names) {
      if (variable.value && variable.confirmed && !variable.secret) kept[name] = variable.value;
    }
    return kept;
  }

  /** Takes values that a run has kept, for fields that say nothing else. */
  function adopt(article, kept) {
    const page = pages.get(article);
    if (!page) return;
    for (const input of page.form.querySelectorAll("input[data-variable]")) {
      const value = kept[input.dataset.variable];
      const variable = page.names.get(input.dataset.variable);
      if (typeof value !== "string" || variable.value || variable.reason) continue;
      input.value = value;
      set(page, input, value, true);
    }
    keep(page);
    show(page);
  }

  // ---- Fields ------------------------------------------------------------------------------------------------------------

  function prepare(input) {
    const state = document.createElement("div");
    state.className = "field-state";
    state.id = "field-state-" + (fields += 1);
    state.hidden = true;
    input.setAttribute("aria-describedby", state.id);
    const field = document.createElement("div");
    field.className = "field";
    const label = input.closest("label") || input;
    label.replaceWith(field);
    field.append(label, state);
  }

  // A value of the address counts until the reader has decided on it; what was decided on is not brought up again.
  function begin(page, input, asked) {
    const name = input.dataset.variable;
    input.value = ""; // what a browser restores by itself may be a secret, or of another address
    if (asked && page.kept.decided[name] !== asked) {
      set(page, input, asked, false);
      if (!page.names.get(name).reason) input.value = asked;
    } else {
      const kept = page.kept.values[name] || "";
      input.value = kept;
      set(page, input, kept, true);
    }
  }

  function set(page, input, value, confirmed) {
    const name = input.dataset.variable;
    const reason = value ? refusal(value, page.places.get(name) || []) : "";
    page.names.set(name, { value: reason ? "" : value, confirmed, secret: isSecret(name), reason });
    describe(input, page.names.get(name));
  }

  // Says at the field what is the matter with its value, and offers what can be done.
  function describe(input, variable) {
    const state = document.getElementById(input.getAttribute("aria-describedby"));
    const fromAddress = !variable.confirmed;
    state.replaceChildren();
    if (variable.reason) {
      state.append((fromAddress ? "The value of the address is not used: " : "Not used: ") + variable.reason + ".");
    } else if (variable.value && fromAddress) {
      state.append("From the address, not confirmed. ", button("Use it", "accept", input), " ", button("Clear", "refuse", input));
    } else if (variable.value && variable.secret) {
      state.append("Not kept: gone when you leave the page.");
    }
    state.hidden = !state.hasChildNodes();
    state.dataset.state = variable.reason ? "refused" : variable.value && fromAddress ? "unconfirmed" : "note";
    if (variable.reason) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  function button(text, action, input) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "small-button";
    made.dataset[action] = input.dataset.variable;
    made.setAttribute("aria-label", text + ": " + input.dataset.variable);
    made.textContent = text;
    return made;
  }

  // The reader decides on a field: by typing, by a button, or by Enter.
  function decide(page, input, value) {
    const name = input.dataset.variable;
    const before = page.names.get(name).reason;
    set(page, input, value, true);
    const asked = new URLSearchParams(location.search).get(name);
    if (asked) page.kept.decided[name] = isSecret(name) ? "" : asked;
    keep(page);
    show(page);
    const reason = page.names.get(name).reason;
    if (reason && reason !== before) RunbookSite.say(name + " is not used: " + reason);
    document.dispatchEvent(new CustomEvent("runbook-site:variables", { detail: { article: page.article } }));
  }

  document.addEventListener("input", function (event) {
    const page = pageOf(event.target);
    if (page) decide(page, event.target, event.target.value);
  });

  document.addEventListener("click", function (event) {
    const pressed = event.target.closest && event.target.closest("[data-accept], [data-refuse]");
    const page = pressed && pages.get(pressed.closest("article"));
    if (!page) return;
    const name = pressed.dataset.accept || pressed.dataset.refuse;
    const input = page.form.querySelector(`input[data-variable="${CSS.escape(name)}"]`);
    if (pressed.dataset.refuse) input.value = "";
    decide(page, input, input.value);
    RunbookSite.say(pressed.dataset.refuse ? name + " is cleared" : name + " is accepted");
    input.focus();
  });

  document.addEventListener("submit", function (event) {
    if (!event.target.matches("form[data-variables]")) return;
    event.preventDefault(); // a value must not get into the address
    const input = document.activeElement;
    const page = pageOf(input);
    if (!page || page.names.get(input.dataset.variable).confirmed) return;
    decide(page, input, input.value);
    RunbookSite.say(input.dataset.variable + " is accepted");
  });

  // A field of one line drops line breaks in silence, which makes another value of what was copied: refuse it instead.
  for (const kind of ["paste", "drop"]) document.addEventListener(kind, function (event) {
    const page = pageOf(event.target);
    const carried = event.clipboardData || event.dataTransfer;
    if (!page || !carried) return;
    const text = carried.getData("text/plain");
    const trimmed = text.trim();
    const input = event.target;
    if (/[\n\r]/.test(trimmed)) {
      event.preventDefault();
      const variable = page.names.get(input.dataset.variable);
      const reason = refusal(trimmed, []);
      describe(input, { ...variable, confirmed: true, reason });
      RunbookSite.say(input.dataset.variable + " is not used: " + reason);
    } else if (trimmed !== text && input.value === "") {
      event.preventDefault();
      input.value = trimmed;
      decide(page, input, trimmed);
    }
  });

  function pageOf(input) {
    return input && input.matches && input.matches("form[data-variables] input[data-variable]") ? pages.get(input.closest("article")) : undefined;
  }

  // ---- Placeholders in the commands -------------------------------------------------------------------------------------

  function placeholdersOf(article) {
    return article.querySelectorAll("var[data-variable]");
  }

  function show(page) {
    for (const placeholder of placeholdersOf(page.article)) {
      const written = page.originals.get(placeholder);
      const { text, state } = read(placeholder);
      if (state === "unfilled") {
        if (placeholder.dataset.state) placeholder.replaceChildren(...written.nodes);
        delete placeholder.dataset.state;
        placeholder.removeAttribute("title");
      } else {
        placeholder.textContent = text; // a secret too: its field shows it as well, and one must see what one runs
        placeholder.dataset.state = state;
        placeholder.title = state === "filled" ? written.text : written.text + ": from the address, not confirmed";
      }
    }
  }

  // Where a placeholder stands. PowerShell must know whether more of the word follows.
  function placesOf(placeholder) {
    const places = placeholder.dataset.place || "literal";
    return /\bpowershell( start)?$/.test(places) && /^[^\s;|&(){},'"]/.test(textBehind(placeholder)) ? places + " joined" : places;
  }

  function textBehind(element) {
    const code = element.closest("code");
    if (!code) return "";
    const range = document.createRange();
    range.setStartAfter(element);
    range.setEnd(code, code.childNodes.length);
    const within = range.cloneContents();
    for (const button of within.querySelectorAll("button")) button.remove();
    return within.textContent;
  }

  // ---- What is kept -----------------------------------------------------------------------------------------------------

  function keyOf(article) {
    return "values:" + RunbookSite.place + ":" + article.dataset.document;
  }

  function readKept(article) {
    try {
      const { values, decided } = JSON.parse(RunbookSite.tabStore.get(keyOf(article)));
      return { values: Object(values), decided: Object(decided) };
    } catch (nothing) {
      return { values: {}, decided: {} };
    }
  }

  function keep(page) {
    page.kept.values = values(page.article);
    RunbookSite.tabStore.set(keyOf(page.article), JSON.stringify(page.kept));
  }
})();
