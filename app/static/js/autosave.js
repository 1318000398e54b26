import SaveQueue, { setQueue } from "./save_queue.js";
import SaveState from "./save_state.js";
import SavedLines from "./saved_lines.js";

const STILL = 600; // milliseconds without a keystroke, after which what stands there is saved

// Saves each line of the form as soon as it is changed, so that nothing typed waits for a button.
export default class Autosave {
  constructor(form) {
    this.form = form;
    this.timers = new Map();
    const { autosave: url, person } = form.dataset;
    const { versi, csrf_token: token } = form.elements;
    this.queue = new SaveQueue({ url, version: Number(versi.value), token: token.value, person });
    this.state = new SaveState(form, this.queue);
    this.lines = new SavedLines(form, this.queue, (line) => this.timers.has(line));
    form.autocomplete = "off"; // a page shown again begins with what the server holds
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("change", (event) => this.save(this.lineOf(event.target)));
    form.addEventListener("submit", (event) => this.send(event));
    this.queue.addEventListener("answer", (event) => this.answered(event.detail));
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.saveAll());
    window.addEventListener("beforeunload", (event) => this.warn(event));
    for (const line of form.querySelectorAll(".question")) if (this.isChanged(line)) this.typed(line);
    setQueue(form, this.queue);
  }

  lineOf(element) {
    return element.closest(".question");
  }

  // Typed before this script came.
  isChanged(line) {
    return Array.from(line.querySelectorAll("input, select"), (one) => {
      if (one.type === "radio" || one.type === "checkbox") return one.checked !== one.defaultChecked;
      if (one.options) return one.selectedIndex > 0 && !one.options[one.selectedIndex].defaultSelected;
      return one.value !== one.defaultValue;
    }).some(Boolean);
  }

  typed(element) {
    const line = this.lineOf(element);
    if (!line) return;
    if (this.queue.state === "saved") this.state.begin();
    clearTimeout(this.timers.get(line));
    this.timers.set(line, setTimeout(() => this.save(line), STILL));
    this.queue.hold(this.fieldsOf(line));
  }

  save(line) {
    if (!line || !this.timers.has(line)) return;
    clearTimeout(this.timers.get(line));
    this.timers.delete(line);
    const fields = this.fieldsOf(line);
    const cleared = Object.values(fields).includes("");
    this.queue.put(cleared && this.form.dataset.offered ? this.whole() : fields);
  }

  saveAll() {
    for (const line of [...this.timers.keys()]) this.save(line);
  }

  // As the form would post them.
  fieldsOf(...lines) {
    const names = new Set(lines.flatMap((line) => Array.from(line.querySelectorAll("[name]"), (one) => one.name)));
    return Object.fromEntries([...new FormData(this.form)].filter(([name]) => names.has(name)));
  }

  // Where the office's suggestions stand, one that was cleared would come back: the section is saved as it stands.
  whole() {
    const section = this.form.dataset.offered;
    delete this.form.dataset.offered;
    return { ...this.fieldsOf(...this.form.querySelectorAll(".question")), bagian: section };
  }

  answered({ entry, answer, theirs }) {
    this.form.elements.versi.value = this.queue.version;
    this.form.elements.csrf_token.value = this.queue.token;
    this.lines.answered(answer, theirs, entry.fields);
    this.state.answered(answer, this.lines.choices);
    if (this.timers.size || this.queue.waiting > 1) this.state.begin();
  }

  // A button leads away once everything has arrived; until then the page stays, and says why.
  async send(event) {
    if (this.sure) return;
    this.saveAll();
    this.lines.placeAll(true);
    if (!this.queue.waiting) return;
    event.preventDefault();
    const waits = this.pressed !== undefined;
    this.pressed = event.submitter; // of two buttons pressed while something is still on its way, the later one
    if (waits) return;
    const arrived = await this.queue.flush();
    const submitter = this.pressed;
    this.pressed = undefined;
    const stranded = new CustomEvent("simpul:stranded", { bubbles: true, cancelable: true, detail: { submitter } });
    if (!arrived) return void (this.form.dispatchEvent(stranded) && this.state.insist());
    this.lines.placeAll(true);
    this.sure = true;
    if (submitter) submitter.click();
    else this.form.submit();
    this.sure = false;
  }

  leave() {
    this.saveAll();
    this.queue.leave();
  }

  warn(event) {
    if (!this.queue.store) this.saveAll();
    if (this.sure || !this.queue.unsure) return;
    event.preventDefault();
    event.returnValue = true; // what browsers before 2023 ask for
  }
}
