// The theme switch: the system's scheme, light, dark, high contrast (in the system's scheme). The script in the page's head sets the kept choice before paint.
"use strict";
(function () {
  const html = document.documentElement;
  const names = { auto: "Auto", light: "Light", dark: "Dark", contrast: "Contrast" };
  const next = { auto: "light", light: "dark", dark: "contrast", contrast: "auto" };

  function show(button) {
    const theme = html.dataset.theme || "auto";
    const name = button.querySelector("[data-theme-name]");
    if (name) name.textContent = names[theme];
    button.title = "Theme: " + names[theme] + ". Press for " + names[next[theme]] + ".";
  }

  const buttons = document.querySelectorAll("[data-theme-toggle]");
  for (const button of buttons) {
    button.addEventListener("click", function () {
      const theme = next[html.dataset.theme || "auto"];
      if (theme === "auto") delete html.dataset.theme;
      else html.dataset.theme = theme;
      RunbookSite.store.set("theme", theme === "auto" ? null : theme);
      buttons.forEach(show);
      RunbookSite.say("Theme: " + names[theme]);
    });
  }
  buttons.forEach(show);
})();
