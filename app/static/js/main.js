// Starts what this page asks for; a page without script does the same work, only with fewer comforts.
const modules = [
  [".input-amount, .input-number", () => import("./amount.js")],
  ["output.words", () => import("./words.js")],
  ["output[data-sum]", () => import("./sum.js")],
  ["select[data-place]", () => import("./place.js")],
  ["[data-confirm]", () => import("./confirm.js")],
  ["[data-shortcuts]", () => import("./shortcuts.js")],
  ["form[data-unsaved]", () => import("./unsaved.js")],
  ["form[data-checks]", () => atLeisure(() => import("./checks/live.js"))],
  ["form[data-autosave]", () => import("./autosave.js")],
  ["[data-offline]", () => import("./offline.js")],
  ["[data-offline-form]", () => import("./offline_page.js")],
  ["details.facets", () => import("./facets.js")],
  ["[data-print]", () => import("./print.js")],
];

// After the first picture, when the browser has nothing better to do.
function atLeisure(load) {
  return new Promise((resolve) => (window.requestIdleCallback || setTimeout)(resolve)).then(load);
}

function start(root) {
  for (const [selector, load] of modules) {
    const found = root.querySelectorAll(selector);
    if (found.length) load().then((module) => found.forEach((element) => new module.default(element)));
  }
}

start(document);
document.addEventListener("simpul:drawn", ({ target }) => start(target)); // a part of the page that came later
