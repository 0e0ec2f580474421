// The button that prints the document.
"use strict";
(function () {
  RunbookSite.eachDocument(function (article) {
    const actions = article.querySelector("[data-actions]");
    if (!actions || actions.querySelector("[data-print]")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.print = "";
    button.textContent = "Print";
    button.addEventListener("click", function () { window.print(); });
    actions.append(button);
  });
})();
