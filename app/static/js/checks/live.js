import Press from "../press.js";
import { speak } from "../speak.js";
import { apply, fieldsOf, readAnswers } from "./answers.js";
import { fill } from "./formatting.js";
import { typedIn } from "./inputs.js";
import Line from "./line.js";
import Proposals from "./proposals.js";
import { runChecks } from "./run.js";

const MISSING = "wajib"; // an answer that is still to come is no fault yet
const HALF = "bagian_kosong"; // nor the other half of a pair, while somebody is at it
const REST = 700; // milliseconds after the last key
const ABOUT = /_(konfirmasi|alasan|alasan_lain)$/;

// Checks a form while it is filled in: when an answer is left, what is wrong or odd about it appears beside it as the server
// would draw it, and goes away when cured. state: {feed: address or content of /kuesioner/…json, year, today, answers (those that
// stand), last (or null), all (also say what is missing)}. Others may tell it what the server found: a "findings" event at the
// form with {findings} of the same shape.
export default class Live {
  constructor(form, state = JSON.parse(form.dataset.checks)) {
    Object.assign(this, { form, state, touched: new Set(), reasons: new Map(), lines: new Map() });
    this.proposals = new Proposals(this);
    form.addEventListener("change", ({ target }) => this.left(target));
    form.addEventListener("focusout", ({ target }) => this.left(target));
    form.addEventListener("input", (event) => this.typing(event));
    form.addEventListener("click", (event) => this.proposals.pressed(event));
    form.addEventListener("findings", ({ detail }) => this.ready().then(() => Press.after(() => this.show(detail.findings))));
    this.ready();
  }

  // The questions and checks, read once; tried again at the next answer when the network is gone.
  ready() {
    this.reading = this.reading || this.read().catch(() => (this.reading = null));
    return this.reading;
  }

  async read() {
    const { feed } = this.state;
    this.questionnaire = typeof feed === "string" ? await (await fetch(feed)).json() : feed;
    for (const question of this.questionnaire.questions) this.lines.set(question.code, new Line(question, this.questionnaire, this));
    return true;
  }

  questionOf(name) {
    const plain = name.replace(ABOUT, "");
    return this.questionnaire.questions.find((one) => one.code === plain || fieldsOf(one).includes(plain));
  }

  // A clone of one of the page's templates, about one question.
  draw(name, code = "") {
    const drawn = document.getElementById(`contoh-${name}`).content.firstElementChild.cloneNode(true);
    for (const element of [drawn, ...drawn.querySelectorAll("*")]) {
      for (const { name: attribute, value } of Array.from(element.attributes)) {
        if (/KODE|ISIAN/.test(value)) element.setAttribute(attribute, value.replace(/KODE|ISIAN/g, code));
      }
    }
    return drawn;
  }

  left(target) {
    if (!target.name || target.type === "hidden" || /_alasan(_lain)?$/.test(target.name)) return;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.judge(target.name)); // when it is known where the person went
  }

  // Choosing a reason takes back one's own words, and the other way round.
  typing({ target, isTrusted }) {
    if (!target.name) return;
    if (/_alasan$/.test(target.name) && target.type === "radio") this.clear(`${target.name}_lain`);
    else if (/_alasan_lain$/.test(target.name) && target.value.trim()) this.clear(target.name.replace(/_lain$/, ""));
    else this.cure(target.name, isTrusted);
  }

  clear(name) {
    for (const one of this.form.querySelectorAll(`[name="${name}"]`)) {
      if (one.type === "radio") one.checked = false;
      else one.value = "";
    }
  }

  // While an answer is being corrected its fault goes away as soon as it is cured, but nothing new is said.
  cure(name, byHand) {
    clearTimeout(this.resting);
    const question = this.questionnaire && this.questionOf(name);
    if (!question) return;
    if (byHand) this.proposals.forget(question.code);
    const line = this.lines.get(question.code);
    if (line.open && line.marked) this.resting = setTimeout(() => Press.after(() => this.show(this.find(), question.code)), REST);
  }

  async judge(name) {
    if (!(await this.ready())) return;
    clearTimeout(this.resting);
    const question = this.questionOf(name);
    if (question) this.touched.add(question.code);
    Press.after(() => this.show(this.find()));
  }

  // What the checks say of the form as it stands.
  find() {
    const { questions, places } = this.questionnaire;
    this.answers = apply(questions, this.state.answers, readAnswers(questions, typedIn(this.form), places));
    return runChecks(this.questionnaire, this.answers, { ...this.state, places });
  }

  // cured: only take away what this question no longer deserves.
  show(findings, cured = "") {
    const said = [];
    for (const [code, line] of this.lines) {
      if (!line.open || (cured && code !== cured)) continue;
      const about = findings.filter((one) => one.questions[0] === code && this.wanted(one, line));
      if (cured && about.length) continue;
      const news = line.show(about, this.answers || this.state.answers);
      if (news !== null) said.push(news ? `${line.question.label}: ${news}` : fill(this.questionnaire.words.settled, { question: line.question.label }));
    }
    if (said.length) speak(said.join(" "));
    this.proposals.refresh();
    this.shorten();
  }

  // Said are findings about what somebody was at, and those that stood there before.
  wanted(finding, line) {
    if (finding.code === MISSING && !this.state.all) return false;
    if (finding.code === HALF && line.element.contains(document.activeElement)) return false;
    return line.marked || finding.questions.some((code) => this.touched.has(code));
  }

  // The list above the form keeps only what still is wrong.
  shorten() {
    const box = this.form.querySelector(".errors");
    if (!box) return;
    for (const link of box.querySelectorAll("a[href^='#']")) {
      const target = document.getElementById(link.hash.slice(1));
      const line = target && target.closest(".question");
      if (!line || !line.matches(".is-error, .is-warning")) link.closest("li").remove();
    }
    const left = box.querySelectorAll("li").length;
    const { words } = this.questionnaire;
    if (left) box.firstElementChild.textContent = left === 1 ? words.one_wrong : fill(words.many_wrong, { num: left });
    else box.remove();
  }
}
