import Autosave from "./autosave.js";
import Live from "./checks/live.js";

const ABOUT = /_(konfirmasi|alasan)$/; // what a warning asks

// The opened form: four sections, one in sight. It saves, checks and asks back as the ordinary one does; only its queue keeps
// everything sealed on this device (draft_store.js) until the office has acknowledged it.
export default class OfflineForm {
  constructor(form, store, page) {
    Object.assign(this, { form, store, page, say: page.root.dataset });
    this.sections = [...form.querySelectorAll("[data-section]")];
    const { versi, csrf_token: token } = form.elements;
    versi.value = store.data.version;
    token.value = page.token;
    form.dataset.autosave = `${page.form}/simpan`;
    form.addEventListener("submit", (event) => this.stay(event));
    this.autosave = new Autosave(form);
    this.queue = this.autosave.queue;
    this.queue.addEventListener("state", ({ detail }) => this.arrived(detail));
    this.queue.addEventListener("answer", ({ detail }) => this.answered(detail));
    form.addEventListener("click", (event) => this.pressed(event));
    form.addEventListener("change", () => this.count());
    form.addEventListener("input", () => this.arrived({ state: "saving" }));
  }

  async begin() {
    const texts = await this.texts();
    this.draw(texts);
    const [contested] = Object.keys(this.store.data.contested || {});
    const asked = Number(new URLSearchParams(location.search).get("bagian"));
    const wanted = (contested && this.sectionOf(contested)) || asked || this.store.data.section;
    this.show(this.section(wanted) ? wanted : this.first);
    const line = /^#q-\w+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (line) line.scrollIntoView();
    this.check(texts);
    await this.queue.use(this.store);
    for (const [name, { text, version }] of Object.entries(this.store.data.contested || {})) {
      this.queue.pin(name, version); // the office has another answer, and nobody has chosen yet
      this.queue.put({ [name]: text });
    }
    this.opened = true;
    this.arrived(this.queue);
  }

  // What was typed at any time: what the office has, under what still waits here.
  async texts() {
    this.unsent = Object.assign({}, ...(await this.store.pending()).map((entry) => entry.fields));
    return { ...this.store.data.given, ...this.unsent };
  }

  // Shows what is odd about the answers that stand, and the reasons that were given.
  async check(texts) {
    const { live } = this.store.data;
    const about = Object.entries(texts).filter(([name]) => ABOUT.test(name));
    const told = about.map(([name, text]) => [name, name.endsWith("_konfirmasi") ? text === "1" : text]);
    const state = { ...live, answers: { ...live.answers, ...Object.fromEntries(told) } };
    this.live = new Live(this.form, { ...state, today: new Date().toLocaleDateString("sv") });
    if (!(await this.live.ready())) return;
    for (const name of Object.keys(texts)) {
      const question = this.live.questionOf(name);
      if (question) this.live.touched.add(question.code);
    }
    this.live.show(this.live.find());
    for (const [name, text] of about) this.set(name, text);
  }

  // A button of the form never leads away by itself.
  stay(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  get first() {
    return Number(this.sections[0].dataset.section);
  }

  draw(texts) {
    const { data } = this.store;
    for (const [name, text] of Object.entries({ ...data.offered, ...texts })) this.set(name, text);
    for (const question of this.form.querySelectorAll(".question")) this.drawAround(question, question.id.slice(2));
    const returned = this.form.querySelector("[data-returned]");
    returned.hidden = !data.returned;
    returned.querySelector("[data-reason]").textContent = data.returned;
    this.count();
  }

  // Last year's answer, what the office wrote, and whether the question may be answered now.
  drawAround(question, code) {
    const { lastShown, shown, remarks, open } = this.store.data;
    const place = question.querySelector(".answer");
    const last = question.querySelector(".last-value");
    if (last && lastShown[code]) last.textContent = lastShown[code];
    else question.querySelector(".last").replaceChildren();
    if (!open.includes(code)) {
      const names = Array.from(place.querySelectorAll("[name]"), (one) => one.name);
      const here = names.filter((name) => this.unsent[name]).map((name) => this.unsent[name]);
      place.replaceChildren(this.paragraph("answer-locked", shown[code] || this.say.sayEmpty));
      if (here.length) place.append(this.paragraph("remark", this.say.sayHere.replace("{text}", here[0])));
      for (const gone of question.querySelectorAll("[name=pakai], .help")) gone.remove();
    }
    if (remarks[code]) place.prepend(this.paragraph("remark", remarks[code]));
  }

  paragraph(className, textContent) {
    return Object.assign(document.createElement("p"), { className, textContent });
  }

  // Only the input itself hears of it: nobody has typed.
  set(name, text) {
    const control = this.form.elements.namedItem(name);
    if (!control) return;
    if (control.type === "date" && !/^\d{4}-\d\d-\d\d$/.test(text)) control.type = "text"; // shows what was typed
    if (control.type === "checkbox") control.checked = text === "1";
    else control.value = text;
    if (control instanceof RadioNodeList || control.type === "checkbox") return;
    control.defaultValue = text;
    for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind));
  }

  pressed(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { name, value, dataset } = button;
    if (name === "ke") this.leave(Number(value.split("-")[1]));
    else if (dataset.go) this.leave(this.now + Number(dataset.go));
    else if (dataset.check !== undefined) this.send();
    else if (dataset.lock !== undefined) this.lock();
  }

  // Whatever stands in a section that is left was seen, what the office proposed too.
  leave(number) {
    this.autosave.saveAll();
    const here = String(this.now);
    if (!this.store.data.seen.includes(here)) {
      const fields = this.autosave.fieldsOf(...this.section(this.now).querySelectorAll(".question"));
      if (Object.keys(fields).length) this.queue.put({ ...fields, bagian: here });
    }
    this.show(number);
    this.section(number).querySelector("h2").focus({ preventScroll: true });
    this.form.scrollIntoView();
  }

  section(number) {
    return this.sections.find((one) => Number(one.dataset.section) === number);
  }

  sectionOf(name) {
    const line = document.getElementById(this.lineOf(name));
    const part = line && line.closest("[data-section]");
    return part ? Number(part.dataset.section) : NaN;
  }

  show(number) {
    this.now = number;
    for (const section of this.sections) section.hidden = Number(section.dataset.section) !== number;
    for (const step of this.form.querySelectorAll("button[name=ke]")) {
      const now = step.value === `bagian-${number}`;
      step.removeAttribute("aria-current");
      if (now) step.setAttribute("aria-current", "step");
      step.parentElement.classList.toggle("is-now", now);
    }
    const last = number === Number(this.sections[this.sections.length - 1].dataset.section);
    this.form.querySelector("[data-go='-1']").hidden = number === this.first;
    this.form.querySelector("[data-go='1']").hidden = last;
    this.form.querySelector("[data-check]").hidden = !last;
  }

  // How many questions of each section have an answer.
  count() {
    for (const section of this.sections) {
      const questions = [...section.querySelectorAll(".question")];
      const done = questions.filter((one) => this.isAnswered(one)).length;
      const step = this.form.querySelector(`[name=ke][value=bagian-${section.dataset.section}]`);
      const words = this.say.sayCount.replace("{done}", done).replace("{all}", questions.length);
      step.querySelector(".step-count").textContent = words;
      step.setAttribute("aria-label", `${step.querySelector(".step-name").textContent}: ${words}`);
      step.parentElement.classList.toggle("is-done", done === questions.length);
    }
  }

  isAnswered(question) {
    if (question.querySelector(".answer-locked")) return Boolean(this.store.data.shown[question.id.slice(2)]);
    const inputs = [...question.querySelectorAll(".answer :is(input, select)")].filter((one) => one.id);
    if (inputs.length && inputs[0].type === "radio") return inputs.some((one) => one.checked);
    return inputs.length > 0 && inputs.every((one) => one.value);
  }

  async send() {
    this.leave(this.now);
    const arrived = await this.queue.flush();
    this.autosave.lines.placeAll(true);
    const conflict = this.form.querySelector(".conflict");
    if (conflict) {
      this.show(Number(conflict.closest("[data-section]").dataset.section));
      conflict.querySelector("input").focus();
    } else if (arrived) location.assign(`${this.page.form}/periksa`);
    else this.autosave.state.insist();
  }

  async lock() {
    this.autosave.saveAll();
    await this.store.turn;
    location.reload();
  }

  // What is on this phone only, and what has arrived.
  arrived({ state }) {
    if (!this.opened) return; // what waits here is not known yet
    const names = this.queue.entries.filter((entry) => !entry.done).flatMap((entry) => Object.keys(entry.fields));
    for (const line of this.autosave.timers.keys()) names.push(line.id);
    names.push(...Object.keys(this.store.data.contested || {}));
    const waiting = new Set(names.filter((name) => !/^(bagian$|pilih_)/.test(name)).map((name) => this.lineOf(name)));
    const said = this.form.querySelector(".actionbar-status span");
    if (state !== "saving") said.removeAttribute("aria-hidden");
    said.className = waiting.size ? "unsaved" : "saved";
    if (!waiting.size) said.textContent = this.say.sayAll.replace("{time}", this.time(this.store.data.heard));
    else said.textContent = waiting.size === 1 ? this.say.sayOne : this.say.sayMany.replace("{count}", waiting.size);
    if (state === "waiting") this.waited = true;
    if (state !== "saved" || !this.waited) return;
    this.waited = false;
    this.page.keep().catch(() => {}); // signing in again took the kept page away
  }

  // Counted are questions, as a person sees them.
  lineOf(name) {
    const control = this.form.elements.namedItem(name);
    const [one] = control instanceof RadioNodeList ? control : [control];
    const line = one && one.closest(".question");
    return line ? line.id || name : name;
  }

  time(moment) {
    const day = new Date(moment);
    const today = day.toDateString() === new Date().toDateString();
    const { lang } = document.documentElement;
    return day.toLocaleString(lang, today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
  }

  answered({ entry, answer, theirs }) {
    this.store.heard(entry, answer, theirs);
    const chosen = Object.keys(entry.fields).some((name) => name.startsWith("pilih_"));
    if (theirs.size || chosen) this.page.fromOffice().then(({ data }) => data && this.store.write(data));
  }
}
