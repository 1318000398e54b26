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
  ["form [type=file]", () => import("./files.js")],
  ["[data-locate]", () => import("./locate.js")],
  ["[data-map]", () => import("./map.js")],
  ["[data-pick]", () => import("./pick_point.js")],
  ["form[data-results]", () => import("./results.js")],
  ["[data-markdown]", () => import("./markdown.js")],
  ["[data-refresh]", () => import("./refresh.js")],
  ["[data-passkey]", () => import("./passkey.js")],
];

// After the first picture, when the browser has nothing better to do.
function atLeisure(load) {
  return new Promise((resolve) => (window.requestIdleCallback || setTimeout)(resolve)).then(load);
}

// A link that is down for a moment: asked for again, for the page works without it meanwhile.
function fetched(load) {
  return load().catch((fault) => {
    if (!(fault instanceof TypeError)) throw fault; // it came, and is wrong
    return new Promise((again) => {
      setTimeout(again, 5000);
      window.addEventListener("online", again, { once: true });
    }).then(() => fetched(load));
  });
}

function start(root) {
  for (const [selector, load] of modules) {
    const found = root.querySelectorAll(selector);
    if (found.length) fetched(load).then((module) => found.forEach((element) => new module.default(element)));
  }
}

start(document);
// From the second page on, what has been read opens without a network too; a first visit pays nothing for it.
if (document.querySelector("[data-copy]") && navigator.serviceWorker && document.referrer.startsWith(location.origin)) {
  navigator.serviceWorker.register("/sw.js");
}
document.addEventListener("simpul:drawn", ({ target }) => start(target)); // a part of the page that came later
