import { keyFrom, ROUNDS, seal, unseal } from "./draft_crypto.js";
import { all, record, within } from "./draft_database.js";

const FREE = 5; // wrong PINs before the first pause
const FIRST_PAUSE = 60; // seconds; doubles with each further wrong PIN
const LONGEST_PAUSE = 3600;

// A PIN that the next person would try first: 111111, 123456, 654321.
export function tooEasy(pin) {
  const steps = new Set([...pin].slice(1).map((digit, at) => digit - pin[at]));
  return steps.size === 1 && [0, 1, -1].includes([...steps][0]);
}

// The sealed draft of one form of one person. As a store for the queue (save_queue.js) it keeps each entry before it is sent;
// an acknowledged entry leaves the list of those that wait, in the same write that puts its answers into the draft.
export default class DraftStore {
  constructor(of, key, data) {
    this.of = of;
    this.key = key;
    this.data = data; // what the office has, as last heard; see offline.py
    this.turn = Promise.resolve();
    this.unwritten = new Map(); // id of an entry → which asking to keep it came last
  }

  static async make(of, pin, data) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const key = await keyFrom(pin, salt);
    const sealed = await seal(key, of, data);
    await within("readwrite", (draft) => draft.put({ of, salt, rounds: ROUNDS, sealed, wrong: 0, until: 0 }));
    return new DraftStore(of, key, data);
  }

  // {store} · {left: tries before a pause} · {until: when one may try again} · {} when nothing is kept here
  static async unlock(of, pin) {
    const kept = await record(of);
    if (!kept) return {};
    if (kept.until > Date.now()) return { until: kept.until };
    await within("readwrite", (draft) => draft.put(afterWrong(kept))); // counted before it is tried: a reload does not undo it
    const key = await keyFrom(pin, kept.salt, kept.rounds);
    try {
      const data = await unseal(key, of, kept.sealed);
      await within("readwrite", (draft) => draft.put({ ...kept, wrong: 0, until: 0 }));
      return { store: new DraftStore(of, key, data) };
    } catch {
      const { wrong, until } = afterWrong(kept);
      return until ? { until } : { left: FREE - wrong };
    }
  }

  async pending() {
    const found = await within("readonly", (_, waiting) => waiting.index("entry").getAll(all(this.of)));
    found.sort((one, other) => one.n - other.n);
    return Promise.all(found.map(({ id, sealed }) => unseal(this.key, this.about(id), sealed)));
  }

  // In the order of asking: sealing takes a moment, and of two states of one entry the later must win.
  keep(entry) {
    const asking = {};
    this.unwritten.set(entry.id, asking);
    return this.inTurn(async () => {
      if (this.unwritten.get(entry.id) !== asking) return; // asked again or forgotten meanwhile
      const sealed = await seal(this.key, this.about(entry.id), entry);
      await within("readwrite", (_, waiting) => {
        this.placeOf(waiting, entry.id, (n) => waiting.put({ ...(n && { n }), of: this.of, id: entry.id, sealed }));
      });
      if (this.unwritten.get(entry.id) === asking) this.unwritten.delete(entry.id);
    });
  }

  // How many entries are not on this device yet as they stand.
  get writing() {
    return this.unwritten.size;
  }

  forget(id) {
    this.unwritten.delete(id);
    return this.inTurn(() => this.put(id));
  }

  // The office has acknowledged an entry. Where it keeps another answer until the person has chosen, the person's stays too.
  heard(entry, answer, theirs) {
    const given = { ...this.data.given };
    const contested = { ...this.data.contested };
    for (const [name, text] of Object.entries(entry.fields)) {
      delete contested[name];
      if (name in answer.conflicts) contested[name] = { text, version: theirs.get(name) };
      else if (entry.fields[`pilih_${name}`] !== "theirs") given[name] = text;
    }
    const seenBefore = this.data.seen.filter((one) => one !== entry.fields.bagian);
    const sections = entry.fields.bagian ? [...seenBefore, entry.fields.bagian] : seenBefore;
    this.data = { ...this.data, given, contested, seen: sections, version: answer.version, heard: Date.now() };
  }

  // What the office has, as it says itself.
  write(data) {
    return this.inTurn(() => {
      this.data = { contested: this.data.contested, ...data };
      return this.put();
    });
  }

  async put(acknowledged) {
    const sealed = await seal(this.key, this.of, this.data);
    await within("readwrite", (draft, waiting) => {
      draft.get(this.of).onsuccess = ({ target }) => draft.put({ ...target.result, sealed });
      if (acknowledged) this.placeOf(waiting, acknowledged, (n) => n && waiting.delete(n));
    });
  }

  placeOf(waiting, id, then) {
    waiting.index("entry").getKey([this.of, id]).onsuccess = ({ target }) => then(target.result);
  }

  inTurn(work) {
    this.turn = this.turn.then(work, work);
    return this.turn;
  }
  about(id) {
    return `${this.of} ${id}`;
  }
}

function afterWrong(kept) {
  const wrong = kept.wrong + 1;
  const pause = wrong < FREE ? 0 : Math.min(FIRST_PAUSE * 2 ** (wrong - FREE), LONGEST_PAUSE);
  return { ...kept, wrong, until: pause ? Date.now() + pause * 1000 : 0 };
}
