import Press from "./press.js";

// Puts into the page the lines that somebody else changed, and those that clash, to choose from. A line in which the person is at
// work waits until they have left it. What is wrong or odd about an answer is shown by checks/live.js.
export default class SavedLines {
  constructor(form, queue, isTouched) {
    Object.assign(this, { form, queue, isTouched, late: new Map(), flagged: new Set(), clashes: new Map() });
    this.ledger = form.querySelector(".ledger");
    this.known = new Map(Array.from(form.querySelectorAll(".question"), (line) => [line.id, line.textContent]));
    this.note = Object.assign(document.createElement("input"), { type: "hidden", name: "baru" });
    form.append(this.note);
    form.addEventListener("focusout", () => setTimeout(() => Press.after(() => this.placeAll())));
    for (const box of form.querySelectorAll(".conflict")) this.addButton(box);
  }

  // theirs: field that somebody else changed → the version that the person had seen of it.
  answered({ lines, findings, conflicts }, theirs, fields) {
    for (const name of Object.keys(fields)) this.clashes.delete(name);
    for (const [name, { sentence }] of Object.entries(conflicts)) this.clashes.set(name, sentence);
    for (const [code, found] of Object.entries(findings)) this.flag(code, found);
    this.note.value = [...this.flagged].join(" ");
    for (const [code, line] of Object.entries(lines)) {
      const clashing = line.names.filter((name) => theirs.has(name));
      const typing = line.names.some((name) => this.queue.holds(name)) || this.isTouched(this.lineOf(code));
      // Until the person sees what somebody else wrote, what they type is compared with what they saw.
      if (typing || this.isBusy(code)) for (const name of clashing) this.queue.pin(name, theirs.get(name));
      if (!typing) this.late.set(code, line);
    }
    Press.after(() => this.placeAll());
  }

  // What the checks have brought up since the page was opened: a button that leads on stops there once.
  flag(code, found) {
    const known = this.known.get(`q-${code}`) || "";
    if (found.some(({ sentence }) => !known.includes(sentence))) this.flagged.add(code);
    else this.flagged.delete(code);
  }

  // What is still to be chosen, a sentence each.
  get choices() {
    return [...new Set(this.clashes.values())].join(" ");
  }

  // at once: also where the person is at work, for the page is about to be sent as it stands.
  placeAll(atOnce = false) {
    for (const [code, line] of this.late) {
      if (!atOnce && this.isBusy(code)) continue;
      this.late.delete(code);
      this.replace(code, line);
    }
  }

  lineOf(code) {
    return document.getElementById(`q-${code}`);
  }

  isBusy(code) {
    const line = this.lineOf(code);
    const { activeElement: at } = document;
    return line !== null && line.contains(at) && at.type !== "button" && !at.closest(".conflict");
  }

  parse(html) {
    const drawn = document.createDocumentFragment();
    drawn.append(...new DOMParser().parseFromString(html, "text/html").body.children);
    return drawn;
  }

  // Several elements may stand for one question: a choice between two values has its hidden inputs beside it.
  elementsOf(code, names) {
    const ids = new Set([code, ...names].map((name) => `q-${name}`));
    const carried = (one) => one.type === "hidden" && (names.includes(one.name) || (one.name === "bentrok" && names.includes(one.value)));
    return Array.from(this.form.querySelectorAll(".ledger > *")).filter((one) => ids.has(one.id) || carried(one));
  }

  replace(code, { html, names }) {
    const old = this.elementsOf(code, names);
    const hadFocus = old.some((one) => one.contains(document.activeElement));
    const fresh = this.parse(html);
    const added = Array.from(fresh.children);
    if (old.length) old[0].before(fresh);
    else this.ledger.append(fresh);
    for (const one of old) one.remove();
    for (const name of names) if (!this.queue.holds(name)) this.queue.pins.delete(name);
    for (const one of added) {
      if (one.matches(".conflict")) this.addButton(one);
      one.dispatchEvent(new CustomEvent("simpul:drawn", { bubbles: true }));
    }
    const first = hadFocus && added.length && added[0].querySelector("input:not([type=hidden]), select");
    if (first) first.focus();
  }

  addButton(box) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-second" });
    button.textContent = this.form.querySelector(".save-alert").dataset.choose;
    button.addEventListener("click", () => this.choose(box));
    box.append(button);
  }

  choose(box) {
    const picked = box.querySelector("input:checked");
    if (!picked) return box.querySelector("input").focus();
    const name = picked.name.replace("pilih_", "");
    const mine = this.form.querySelector(`input[type=hidden][name="${name}"]`);
    this.queue.put({ [picked.name]: picked.value, [name]: mine.value });
  }
}
