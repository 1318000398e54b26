// Between the pages and the network, only where somebody has set up a form for times without one. It keeps no answers: those
// lie sealed in the pages' own store. Kept pages stand in "shell-<key>" of the person who is signed in; see docs/adr/0014.
const FORM = /^\/laporan\/([^/]+)\/(\d+)(?=\/|$)/;
const FILE = /^\/(static|kuesioner)\//; // named by their content
const START = /^\/(laporan)?$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
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
  if (!response || response.status > 501) return (await kept(request, url)) || response || Response.error();
  event.waitUntil(sweep(request, response, url));
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

// What belongs to others goes as soon as it is known who asks; signing out takes the drafts too. What the office has not got
// yet stays sealed until its person comes back.
async function sweep(request, response, url) {
  const key = response.headers.get("X-User-Key");
  if (key) {
    for (const name of await caches.keys()) {
      if (name.startsWith("shell-") && name !== `shell-${key}`) await caches.delete(name);
    }
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
