// What of this site lives on this device for times without a network: the worker, the kept pages, the sealed drafts.
import { anyLeft, countWaiting, record, remove } from "./draft_database.js";

const mark = (of) => `luring ${of}`;
const shell = (of) => `shell-${of.split("/")[0]}`;

export const isHere = async (of) => Boolean(await record(of));

// Keeps the page at ``address`` with everything it loads, unless what is kept is as good.
export async function keepPage(of, address, version, files) {
  localStorage.setItem(mark(of), "1");
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  await navigator.serviceWorker.register("/sw.js");
  const cache = await caches.open(shell(of));
  const kept = await cache.match(address, { ignoreVary: true });
  if (kept && (await kept.text()).includes(version)) return;
  const wanted = new Set(files.map((file) => new URL(file, location).href));
  const missing = await Promise.all(Array.from(wanted, async (file) => !(await cache.match(file, { ignoreVary: true })) && file));
  await cache.addAll(missing.filter(Boolean));
  await cache.add(new Request(address, { cache: "reload" }));
  for (const { url } of await cache.keys()) {
    if (!url.endsWith("/luring") && !wanted.has(url)) await cache.delete(url);
  }
}

// Takes the form off this device, with what it has not sent.
export async function wipe(of, address) {
  await remove(of);
  localStorage.removeItem(mark(of));
  await (await caches.open(shell(of))).delete(address, { ignoreVary: true });
  if (await anyLeft()) return;
  for (const name of await caches.keys()) if (name.startsWith("shell-")) await caches.delete(name);
  const worker = await navigator.serviceWorker.getRegistration("/");
  if (worker) await worker.unregister();
}

// The office has given its receipt. Answers that it never got stay until their person has seen them.
export async function clear(of) {
  const [, slug, year] = of.split("/");
  if (!(await countWaiting(of))) await wipe(of, `/laporan/${slug}/${year}/luring`);
}
