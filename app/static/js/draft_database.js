// Where drafts lie on this device. "draft": one record for each person and form, "waiting": what the office has not
// acknowledged. Nothing in them can be read without the PIN but whose form it is and how many entries wait.
let opened;

function open() {
  if (opened) return opened;
  opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("simpul", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("draft", { keyPath: "of" });
      const waiting = request.result.createObjectStore("waiting", { keyPath: "n", autoIncrement: true });
      waiting.createIndex("entry", ["of", "id"], { unique: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

export const all = (of) => IDBKeyRange.bound([of], [of, []]);

// Runs work(draft, waiting) in one transaction; resolves with the result of the request that it returns, once all is written.
export async function within(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const unit = database.transaction(["draft", "waiting"], mode, { durability: "strict" });
    const request = work(unit.objectStore("draft"), unit.objectStore("waiting"));
    unit.oncomplete = () => resolve(request && request.result);
    unit.onabort = unit.onerror = () => reject(unit.error);
  });
}

export const record = (of) => within("readonly", (draft) => draft.get(of));

export const countWaiting = (of) =>
  within("readonly", (_, waiting) => waiting.index("entry").count(all(of)));

export const remove = (of) =>
  within("readwrite", (draft, waiting) => {
    draft.delete(of);
    waiting.index("entry").openCursor(all(of)).onsuccess = ({ target }) => {
      if (!target.result) return;
      target.result.delete();
      target.result.continue();
    };
  });

export const anyLeft = () => within("readonly", (draft) => draft.count());
