// Between the pages and the network. For somebody who has set up a form for times without one, its blank page stands in
// "shell-<key>" of the person who is signed in; its answers lie sealed in the pages' own store (docs/adr/0014). For everybody
// else the public pages read last stand in "read" (docs/adr/0012): no page of a person ever does.
const FORM = /^\/laporan\/([^/]+)\/(\d+)(?=\/|$)/;
const FILE = /^\/(static|kuesioner)\//; // named by their content
const START = /^\/(laporan)?$/;
const READ = "read";
const READ_FILES = "read-files";
const PAGES = 30;
const FILES = 60;
const NO_COPY = "/tanpa-jaringan";
const LOADED = /(?:href|src)="(\/static\/[^"]+\.(?:css|js|svg))"/g;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
  keepFirst().catch(() => {}); // it must not hold up the pages
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, request, url));
  else if (request.method === "GET" && FILE.test(url.pathname)) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((found) => found || fetch(request)));
  }
});

async function page(event, request, url) {
  let response;
  try {
    response = await fetch(request);
  } catch (gone) {
    response = null;
  }
  // A proxy in front of a site that is down answers in its stead.
  if (!response || response.status > 501) {
    return (await kept(request, url)) || (await readBefore(request, url)) || response || Response.error();
  }
  event.waitUntil(Promise.all([sweep(request, response, url), keepCopy(request, url, response.clone())]));
  return response;
}

// The blank form at the addresses of its report; from the beginning, the way to it.
async function kept(request, url) {
  const [form] = FORM.exec(url.pathname) || [];
  if (form && !/\.\w+$/.test(url.pathname)) {
    const found = await caches.match(`${form}/luring`, { ignoreVary: true });
    return found && request.method !== "GET" ? Response.redirect(form, 303) : found;
  }
  if (!START.test(url.pathname)) return undefined;
  for (const name of await caches.keys()) {
    for (const { url: address } of await (await caches.open(name)).keys()) {
      if (address.endsWith("/luring")) return Response.redirect(address, 302);
    }
  }
  return undefined;
}

// The pages that are open when the worker starts, the beginning, and what is shown in place of a page never read.
async function keepFirst() {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const address of new Set(["/", NO_COPY, ...windows.map(({ url }) => url)])) {
    const request = new Request(address);
    await keepCopy(request, new URL(request.url), await fetch(request)).catch(() => {});
  }
}

// Keeps a page that the office says is the same for everybody, as nobody in particular got it, and what it loads.
async function keepCopy(request, url, response) {
  const { headers } = response;
  const isForAll = headers.get("X-User-Key") === "-" && /^public/.test(headers.get("Cache-Control"));
  const isPage = response.status === 200 && /^text\/html/.test(headers.get("Content-Type"));
  if (request.method !== "GET" || !isForAll || !isPage || !/^(\?lang=\w+)?$/.test(url.search)) return;
  const text = await response.text();
  const copied = new Headers(headers);
  copied.set("X-Kept", new Date().toISOString());
  const pages = await caches.open(READ);
  await pages.put(url.pathname, new Response(text, { headers: copied }));
  const files = await caches.open(READ_FILES);
  const wanted = [];
  text.replace(LOADED, (all, address) => wanted.push(address));
  for (const address of wanted) if (!(await caches.match(address, { ignoreVary: true }))) await files.add(address);
  await drop(pages, PAGES, ["/", NO_COPY]);
  await drop(files, FILES, []);
}

async function drop(cache, most, always) {
  const old = (await cache.keys()).filter(({ url }) => !always.includes(new URL(url).pathname));
  for (const request of old.slice(0, Math.max(0, old.length - most))) await cache.delete(request);
}

// The copy of a page, which says that it is one; the words stand in the page itself.
async function readBefore(request, url) {
  if (request.method !== "GET" || !(await caches.has(READ))) return undefined;
  const pages = await caches.open(READ);
  const found = (await pages.match(url.pathname, { ignoreVary: true })) || (await pages.match(NO_COPY, { ignoreVary: true }));
  if (!found) return undefined;
  const text = await found.text();
  const [, language] = /<html lang="(\w+)"/.exec(text);
  const kept = new Date(found.headers.get("X-Kept")).toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
  const shown = text.replace(" data-copy hidden", "").replace("{tanggal}", kept);
  return new Response(shown, { headers: found.headers });
}

// What belongs to others goes as soon as it is known who asks; signing out takes the drafts too. What the office has not got
// yet stays sealed until its person comes back.
async function sweep(request, response, url) {
  const key = response.headers.get("X-User-Key");
  if (key) {
    for (const name of await caches.keys()) {
      if (name.startsWith("shell-") && name !== `shell-${key}`) await caches.delete(name);
    }
    if (key !== "-") await caches.delete(READ);
  }
  const leaves = request.method === "POST" && url.pathname.startsWith("/keluar") && response.type === "opaqueredirect";
  if (leaves || (key && key !== "-")) await removeOthers(leaves ? "" : key);
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function removeOthers(key) {
  const asked = indexedDB.open("simpul");
  asked.onupgradeneeded = () => asked.transaction.abort(); // there is none, so nothing is made
  const database = await done(asked).catch(() => null);
  if (!database) return;
  const unit = database.transaction(["draft", "waiting"], "readwrite");
  for (const of of await done(unit.objectStore("draft").getAllKeys())) {
    if (key && of.startsWith(`${key}/`)) continue;
    const waiting = await done(unit.objectStore("waiting").index("entry").count(IDBKeyRange.bound([of], [of, []])));
    if (!waiting) unit.objectStore("draft").delete(of);
  }
  database.close();
}
