import { fieldsOf } from "./answers.js";
import { fill, longDate, number, rupiah } from "./formatting.js";
import { readDay } from "./days.js";

// One question on the screen: what is wrong or odd about it is drawn as components/messages.html and ask.html do, out of the
// page's own templates. Looked up anew each time, because others may have drawn the line again.
export default class Line {
  constructor(question, questionnaire, page) {
    Object.assign(this, { question, questionnaire, page, code: question.code });
  }

  get element() {
    return document.getElementById(`q-${this.code}`);
  }

  // Whether it can be answered here.
  get open() {
    const inputs = fieldsOf(this.question).map((name) => this.page.form.elements.namedItem(name));
    return Boolean(this.element && inputs.length && inputs.every((input) => input && input.type !== "hidden"));
  }

  get marked() {
    return this.element.matches(".is-error, .is-warning");
  }

  // Draws what the checks say; returns it in words when it is news.
  show(findings, answers) {
    const errors = findings.filter((one) => one.severity === "error" && !one.confirm);
    const doubts = findings.filter((one) => !errors.includes(one));
    const before = this.said;
    const { parts } = this.question;
    const whole = errors.filter((one) => one.field === this.code || !parts);
    this.message(this.code, join(whole));
    for (const part of parts || []) this.message(part.code, join(errors.filter((one) => one.field === part.code)));
    this.ask(doubts, answers);
    this.element.classList.toggle("is-error", errors.length > 0);
    this.element.classList.toggle("is-warning", !errors.length && Boolean(this.box));
    return this.said === before ? null : this.said;
  }

  // All that stands there now about it.
  get said() {
    const told = this.element.querySelectorAll(".field-error span, .ask > .small");
    return Array.from(told, (one) => one.textContent).join(" ");
  }

  message(id, text) {
    let shown = document.getElementById(`${id}-error`);
    if (text && !shown) {
      shown = this.page.draw("galat");
      shown.id = `${id}-error`;
      this.placeFor(id).after(shown);
    }
    if (text) put(shown.querySelector("span"), text);
    else if (shown) shown.remove();
    this.describe(id, Boolean(text));
  }

  // Where a message stands: below the input and what it means in words.
  placeFor(id) {
    const control = this.control(id);
    if (!control) return this.element.querySelector(".sum");
    return document.getElementById(`${id}-words`) || control.closest(".control") || control;
  }

  // The input; all the choices together where it is made of these; none for a figure that is only added up.
  control(id) {
    const found = document.getElementById(id);
    if (!found || found.tagName === "OUTPUT") return null;
    return found.type === "radio" ? found.closest(".choices") : found;
  }

  describe(id, wrong) {
    const control = this.control(id);
    if (!control) return;
    const about = ["hint", "warning", "error", "words"].map((part) => `${id}-${part}`).filter((one) => document.getElementById(one));
    set(control, "aria-describedby", about.join(" "));
    set(control, "aria-invalid", wrong ? "true" : "");
  }

  get box() {
    return this.element.querySelector("fieldset.ask");
  }

  // The box that asks back, changed in place: what was chosen or typed in it stays.
  ask(doubts, answers) {
    const box = this.box;
    const confirmed = this.question.confirm_negative && answers[this.code] < 0 && answers[`${this.code}_konfirmasi`] === true;
    if (!doubts.length && !confirmed) {
      if (box) this.close(box);
      return;
    }
    const drawn = box || this.openBox(answers);
    put(drawn.querySelector("legend"), this.title(doubts));
    this.tell(drawn, join(doubts));
    const fixes = doubts.map((one) => this.fix(one, answers)).filter(Boolean);
    this.propose(drawn, fixes);
    put(drawn.querySelector(".field > .field-label"), fixes.length ? this.questionnaire.words.or_why : this.questionnaire.words.why);
    this.confirmable(drawn, confirmed || doubts.some((one) => one.confirm));
  }

  openBox(answers) {
    const box = this.page.draw(this.isFigure ? "tanya-angka" : "tanya", this.code);
    this.element.querySelector(".last").after(box);
    const reason = this.page.reasons.get(this.code) || answers[`${this.code}_alasan`] || "";
    const choice = Array.from(box.querySelectorAll("[type=radio]")).find((one) => one.value === reason);
    if (choice) choice.checked = true;
    else box.querySelector("[name$=_alasan_lain]").value = reason;
    return box;
  }

  close(box) {
    const chosen = box.querySelector("[type=radio]:checked");
    const own = box.querySelector("[name$=_alasan_lain]");
    this.page.reasons.set(this.code, (own && own.value.trim()) || (chosen ? chosen.value : ""));
    const hadFocus = box.contains(document.activeElement);
    box.remove();
    if (hadFocus) this.focus();
  }

  focus() {
    const [first] = fieldsOf(this.question);
    this.element.querySelector(`[name="${first}"]`).focus();
  }

  get isFigure() {
    return ["integer", "rupiah"].includes(this.question.type);
  }

  title(doubts) {
    const { words } = this.questionnaire;
    if (doubts.some((one) => one.past) && !doubts.some((one) => one.asks)) return words.past;
    return this.isFigure ? words.figure : words.answer;
  }

  tell(box, text) {
    let said = box.querySelector(":scope > .small");
    if (!text) return said && said.remove();
    if (!said) {
      said = Object.assign(document.createElement("p"), { className: "small", id: `${this.code}-tanya` });
      box.querySelector("legend").after(said);
      box.setAttribute("aria-describedby", said.id);
    }
    return put(said, text);
  }

  propose(box, fixes) {
    let row = box.querySelector(":scope > .cluster");
    if (row && row.textContent.trim() === fixes.map((one) => one.words).join(" ").trim()) return;
    if (row) row.remove();
    if (!fixes.length) return;
    row = Object.assign(document.createElement("p"), { className: "cluster" });
    for (const { value, words } of fixes) {
      const button = Object.assign(document.createElement("button"), { className: "button button-second", name: "ubah", value });
      button.textContent = words;
      button.formNoValidate = true;
      row.append(button, " ");
    }
    (box.querySelector(":scope > .small") || box.querySelector("legend")).after(row);
  }

  confirmable(box, wanted) {
    const tick = box.querySelector("[name$=_konfirmasi]");
    if (!wanted && tick) tick.closest(".choice").remove();
    if (!wanted || tick) return;
    const drawn = this.page.draw(this.isFigure ? "tanya-angka" : "tanya", this.code);
    box.querySelector(":scope > div").prepend(drawn.querySelector("[name$=_konfirmasi]").closest(".choice"));
  }

  // The button that takes what a finding proposes: its value as the server reads it, and its words.
  fix(finding, answers) {
    const proposed = Object.entries(finding.suggestion).filter(([name, value]) => answers[name] !== value);
    if (!proposed.length) return null;
    const { words } = this.questionnaire;
    const value = proposed.map(([name, one]) => `${name}:${one}`).join(";");
    if (proposed.length > 2) return { value, words: fill(words.fixes, { count: proposed.length }) };
    return { value, words: fill(words.fix, { value: proposed.map(([, one]) => this.read(one)).join(words.and) }) };
  }

  // A value for reading: as_text in app/questionnaire/answers.py.
  read(value) {
    const { type } = this.question;
    if (type === "rupiah" && Number.isInteger(value)) return rupiah(value, this.questionnaire);
    if (type === "integer" && Number.isInteger(value)) return number(value, this.questionnaire);
    const day = type === "date" && readDay(value);
    return day ? longDate(day, this.questionnaire) : this.questionnaire.places[value] || String(value);
  }
}

const join = (findings) => findings.map((one) => one.message).join(" ");

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function set(element, name, value) {
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}
