// The one line in which everything that is typed travels to the server: one save at a time, each taken exactly once.
//
//   const queue = await queueOf(form)       // when the page has one; autosave.js makes it
//   queue.put({aset: "1.250.000"})          // soon sent; joins the entry that is not sent yet
//   queue.hold({aset: "1.25"})              // still being typed: kept in the store at once, sent only after a put
//   await queue.flush()                     // true once all is acknowledged, false when that cannot be now
//   queue.state                             // "saved", "saving", "waiting" (not now: tried again) or "refused"
//   queue.addEventListener("state", …)      // detail {state, cause, sentence, url}; cause: network signed-out server refused
//   queue.addEventListener("answer", …)     // detail {entry, answer, theirs}: acknowledged; theirs: field that somebody else
//                                         // changed → the version that the person had seen of it
//   await queue.use(store)                  // keep entries somewhere safer than in memory, and send what waits there
//
// An entry is {id, fields, version, tried}: a random id that the server accepts once; field name → text as the form would post
// it; the version that the person saw; whether it was ever sent, for then the server may have it and it stays as it is; held:
// not to be sent yet.
// A store has async pending() → entries, oldest first; keep(entry) (the same id again replaces it); forget(id). An entry is
// kept before it is sent and forgotten after its acknowledgement.
const LONGEST_PAUSE = 30000;
const PATIENCE = 20000;
const SLOW = 2000; // milliseconds without an answer, after which nobody can say that it will arrive
const made = new WeakMap();

function slot(form) {
  if (!made.has(form)) {
    const spot = {};
    spot.queue = new Promise((resolve) => (spot.give = resolve));
    made.set(form, spot);
  }
  return made.get(form);
}

export const queueOf = (form) => slot(form).queue;
export const setQueue = (form, queue) => slot(form).give(queue);

// Works on plain http too, where randomUUID does not exist.
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export default class SaveQueue extends EventTarget {
  // url: where saves go. token: of CSRF. person: who opened the page, so that nobody else's sign-in takes it over.
  constructor({ url, version, token, person }) {
    super();
    Object.assign(this, { url, version, token, person, entries: [], pins: new Map(), state: "saved", pause: 0, asked: [] });
    this.store = null;
    for (const name of ["online", "focus", "pageshow"]) window.addEventListener(name, () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  async use(store) {
    this.store = store;
    const older = await store.pending();
    const known = new Set(this.entries.map((entry) => entry.id));
    for (const entry of this.entries) await this.keep(entry);
    const left = older.filter((entry) => !known.has(entry.id));
    const theirs = left.filter((entry) => !entry.tried).map((entry) => entry.id);
    left.forEach((entry, at) => this.takeOver(entry, left[at - 1]));
    this.entries.unshift(...left);
    for (const entry of left.filter((one) => !one.tried)) await this.keep(entry);
    for (const id of theirs) await store.forget(id);
    this.hurry();
  }

  // What an earlier page left behind was typed against what that page showed. A page that is still open may write more into an
  // entry that it has not sent: this one sends what it found under an id of its own.
  takeOver(entry, before) {
    if (entry.tried) return;
    entry.id = newId();
    entry.held = false;
    entry.pinned = entry.version;
    entry.after = before && before.id;
    for (const name of Object.keys(entry.fields)) this.pin(name, entry.version);
  }

  get waiting() {
    return this.entries.length;
  }

  // What is still to be sent or acknowledged of field name, so that nothing older is shown over it.
  holds(name) {
    return this.entries.some((entry) => !entry.done && name in entry.fields);
  }

  // Somebody else changed this field after what the person saw: its next save must say which version that was.
  pin(name, version) {
    if (!this.pins.has(name)) this.pins.set(name, version);
  }

  put(fields) {
    this.enter(fields, false);
    this.run();
  }

  hold(fields) {
    if (this.store) this.enter(fields, true);
  }

  enter(fields, held) {
    for (const [pinned, part] of this.parts(fields)) {
      const open = this.entries.filter((one) => !one.tried && one.pinned === pinned);
      let entry = open.find((one) => one.held === held);
      if (!entry && !held) entry = open.find((one) => Object.keys(one.fields).every((name) => name in part));
      if (!entry) this.entries.push((entry = { id: newId(), fields: {}, version: this.version, tried: false, pinned }));
      entry.held = held;
      if (pinned !== undefined) entry.version = pinned;
      Object.assign(entry.fields, part);
      this.keep(entry);
    }
    if (!held) this.release(fields);
  }

  // What is put is no longer held elsewhere.
  release(fields) {
    for (const entry of this.entries.filter((one) => one.held)) {
      const left = Object.entries(entry.fields).filter(([name]) => !(name in fields));
      if (left.length === Object.keys(entry.fields).length) continue;
      entry.fields = Object.fromEntries(left);
      if (left.length) {
        this.keep(entry);
        continue;
      }
      this.entries.splice(this.entries.indexOf(entry), 1);
      this.store.forget(entry.id).catch(() => {}); // sent twice it counts once
    }
  }

  // What cannot be written down here is still sent.
  keep(entry) {
    return this.store ? this.store.keep(entry).catch(() => {}) : undefined;
  }

  // The first that may be sent.
  get next() {
    return this.entries.find((entry) => !entry.held);
  }

  // Whether a page that is closed now would take something with it that may never arrive.
  get unsure() {
    if (this.store) return this.store.writing > 0;
    if (!this.entries.length) return false;
    return ["waiting", "refused"].includes(this.state) || !navigator.onLine || Date.now() - this.since > SLOW;
  }

  parts(fields) {
    const parts = new Map();
    for (const [name, text] of Object.entries(fields)) {
      const pinned = this.pins.get(name);
      parts.set(pinned, { ...parts.get(pinned), [name]: text });
    }
    return parts;
  }

  // True once nothing waits; false as soon as something cannot be sent now.
  flush() {
    if (!this.next && !this.running) return Promise.resolve(true); // what has just arrived is still being forgotten
    const done = new Promise((resolve) => this.asked.push(resolve));
    this.hurry();
    return done;
  }

  // The page goes away: what is not on its way yet is sent beside what is; the server is told after which save it comes.
  leave() {
    const first = this.running;
    let after = first ? first.id : undefined;
    for (const entry of this.entries.filter((one) => one !== first)) {
      entry.tried = true;
      entry.held = false;
      this.keep(entry);
      this.post(entry, after).catch(() => {});
      after = entry.id;
    }
  }

  hurry() {
    clearTimeout(this.timer);
    this.pause = 0;
    this.run();
  }

  async run() {
    if (this.running) return;
    clearTimeout(this.timer);
    for (let entry = this.next; entry; entry = this.next) {
      this.running = entry;
      if (this.state === "saved") this.say("saving");
      if (!entry.tried && entry.pinned === undefined) entry.version = this.version;
      entry.seen = entry.tried ? entry.seen : this.version; // what the page shows by now
      entry.tried = true;
      await this.keep(entry);
      if (!(await this.deliver(entry))) break;
    }
    this.running = undefined;
    if (!this.next) this.say("saved");
    this.settle(!this.next);
  }

  settle(all) {
    for (const resolve of this.asked.splice(0)) resolve(all);
  }

  // Whether to go on with the next one.
  async deliver(entry) {
    let response, answer;
    try {
      // A page that was opened without the network has none; without one nothing is taken.
      if (!this.token && (await this.renew()) === null) return this.later("network");
      response = await this.post(entry);
      answer = await response.json();
    } catch {
      return this.later(response ? "server" : "network"); // cut off, or a page that is not ours: asked again, taken once
    }
    if (response.ok) return this.acknowledged(entry, answer);
    if (answer.code === "token" && (await this.renew())) return true;
    if (answer.code === "token" || response.status === 401) return this.later("signed-out", answer);
    if (response.status >= 500 || response.status === 429) return this.later("server", answer);
    return this.refused(answer);
  }

  async post(entry, after = entry.after) {
    const { id, version, seen = version, fields } = entry;
    this.since = Date.now();
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      return await fetch(this.url, {
        method: "POST",
        keepalive: true,
        signal: patience.signal,
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ id, version, seen, fields, after, person: this.person }),
      });
    } finally {
      clearTimeout(timer);
    }
  }

  // The token belongs to a session that has ended; whoever has signed in again gets a new one. Null: there is no way to ask.
  async renew() {
    try {
      const response = await fetch(this.url, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!response.ok) return false;
      const { token } = await response.json();
      const fresh = token !== this.token;
      this.token = token;
      return fresh;
    } catch {
      return null;
    }
  }

  async acknowledged(entry, answer) {
    entry.done = true;
    for (const name of Object.keys(entry.fields)) this.pins.delete(name);
    this.version = Math.max(this.version, answer.version);
    const theirs = new Map(answer.others.map((name) => [name, entry.seen === undefined ? entry.version : entry.seen]));
    for (const name of Object.keys(answer.conflicts)) theirs.set(name, entry.version);
    this.pause = 0;
    this.dispatchEvent(new CustomEvent("answer", { detail: { entry, answer, theirs } }));
    this.entries.splice(this.entries.indexOf(entry), 1);
    this.rebase(theirs);
    for (const waiting of this.entries) {
      if (!waiting.tried && waiting.pinned === undefined) waiting.version = this.version;
      await this.keep(waiting);
    }
    if (this.store) await this.store.forget(entry.id);
    if (this.next) this.say("saving");
    return true;
  }

  // What was typed meanwhile into a field that somebody else changed goes on as a save against what the person saw.
  rebase(theirs) {
    for (const entry of this.entries.filter((one) => !one.tried)) {
      const later = {};
      for (const name of Object.keys(entry.fields).filter((one) => theirs.has(one) && entry.pinned === undefined)) {
        this.pin(name, theirs.get(name));
        later[name] = entry.fields[name];
        delete entry.fields[name];
      }
      if (Object.keys(later).length) this.enter(later, entry.held);
    }
  }

  later(cause, { sentence = "", url = "" } = {}) {
    this.pause = Math.min(LONGEST_PAUSE, this.pause * 2 || 500);
    this.timer = setTimeout(() => this.run(), this.pause * (0.75 + Math.random() / 2));
    this.say("waiting", { cause, sentence, url });
    this.settle(false);
    return false;
  }

  // The server will not have it, and says why: asked again only when the person comes back to the page.
  refused({ sentence = "" } = {}) {
    this.say("refused", { cause: "refused", sentence });
    this.settle(false);
    return false;
  }

  say(state, about = {}) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, ...about } }));
  }
}
