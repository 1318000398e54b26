// Starts what this page asks for; a page without script does the same work, only with fewer comforts.
const modules = [
  [".input-amount, .input-number", () => import("./amount.js")],
  ["output.words", () => import("./words.js")],
  ["output[data-sum]", () => import("./sum.js")],
  ["select[data-place]", () => import("./place.js")],
  ["[data-confirm]", () => import("./confirm.js")],
  ["[data-shortcuts]", () => import("./shortcuts.js")],
  ["form[data-unsaved]", () => import("./unsaved.js")],
  ["details.facets", () => import("./facets.js")],
  ["[data-print]", () => import("./print.js")],
];

for (const [selector, load] of modules) {
  const found = document.querySelectorAll(selector);
  if (found.length) load().then((module) => found.forEach((element) => new module.default(element)));
}
