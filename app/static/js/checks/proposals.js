import { fieldsOf } from "./answers.js";
import { fill } from "./formatting.js";
import { asInput, hasInputs, proposalOf, textOf, write } from "./inputs.js";

// One tap: last year's answer is kept, or what a warning proposes is taken, here on the page, and can be taken back. What is
// asked in another section stays the server's.
export default class Proposals {
  constructor(live) {
    this.live = live;
    this.taken = new Map(); // code → the texts that stood there before
  }

  pressed(event) {
    const button = event.target.closest("button");
    const { questionnaire } = this.live;
    if (!button || !questionnaire || event.defaultPrevented) return;
    if (button.dataset.undo !== undefined) this.undo(button.closest(".question").id.slice(2));
    else if (button.name === "pakai") this.use(event, button.value, this.lastTexts(button.value));
    else if (button.name === "ubah") this.use(event, button.closest(".question").id.slice(2), proposalOf(questionnaire, button.value));
  }

  // Last year's answer as texts for the inputs of a question.
  lastTexts(code) {
    const { last } = this.live.state;
    const question = this.live.questionOf(code);
    const names = question ? fieldsOf(question).filter((name) => last && last[name] !== undefined) : [];
    return names.length ? Object.fromEntries(names.map((name) => [name, asInput(question, last[name])])) : null;
  }

  use(event, code, texts) {
    const { form, questionnaire } = this.live;
    if (!texts || !hasInputs(form, Object.keys(texts))) return;
    event.preventDefault();
    const before = Object.fromEntries(Object.keys(texts).map((name) => [name, textOf(form, name)]));
    this.write(texts);
    this.taken.set(code, before);
    const values = Object.values(texts);
    const { words } = questionnaire;
    const said = values.length > 2 ? fill(words.changes, { count: values.length }) : fill(words.changed, { value: values.join(words.and) });
    this.offerUndo(code, said).focus();
  }

  write(texts) {
    const { live } = this;
    for (const [name, text] of Object.entries(texts)) {
      write(live.form, name, text);
      live.touched.add(live.questionOf(name).code);
    }
    clearTimeout(live.soon);
    live.show(live.find());
  }

  offerUndo(code, said) {
    this.hideUndo(code);
    const drawn = this.live.draw("urung");
    drawn.querySelector("span").textContent = said;
    document.getElementById(`q-${code}`).querySelector(".answer").append(drawn);
    return drawn.querySelector("button");
  }

  undo(code) {
    this.write(this.taken.get(code));
    this.forget(code);
    const line = this.live.lines.get(code);
    const again = line.element.querySelector("button[name=ubah], button[name=pakai]:not([hidden])");
    if (again) again.focus();
    else line.focus();
  }

  // Once somebody types there, there is nothing to take back.
  forget(code) {
    this.taken.delete(code);
    this.hideUndo(code);
  }

  hideUndo(code) {
    const shown = document.querySelector(`#q-${code} [data-undone]`);
    if (shown) shown.remove();
  }

  // Keeping last year's answer is offered as long as another one stands there.
  refresh() {
    const { last, answers } = this.live.state;
    const now = this.live.answers || answers;
    for (const button of this.live.form.querySelectorAll("button[name=pakai]")) {
      const question = this.live.questionOf(button.value);
      if (question && last) button.hidden = fieldsOf(question).every((name) => last[name] === now[name]);
    }
  }
}
