import Press from "./press.js";

// Says in the action bar where the saves stand, and aloud what keeps them. The words stand in data-… of .save-alert.
export default class SaveState {
  constructor(form, queue) {
    this.status = form.querySelector(".actionbar-status");
    this.alert = form.querySelector(".save-alert");
    this.words = this.alert.dataset;
    form.querySelector(".actionbar").prepend(this.alert);
    queue.addEventListener("state", (event) => this.show(event.detail));
  }

  show({ state, cause, sentence, url }) {
    if (state === "saving") this.begin();
    if (state === "waiting" || state === "refused") {
      this.write(this.words.unsaved);
      this.tell(this.reason(cause, sentence), cause === "signed-out" ? url || this.words.signIn : "");
    }
  }

  // Seen at once when something was typed, but not read out at every word.
  begin() {
    this.write(this.words.saving);
    this.status.children[0].setAttribute("aria-hidden", "true");
  }

  reason(cause, sentence) {
    if (cause === "network") return this.words.network;
    if (cause === "signed-out") return sentence || this.words.signedOut;
    return cause === "server" ? this.words.server : `${this.words.failed} ${sentence}`;
  }

  // choices: what is to be chosen first where two wrote something else.
  answered({ saved, progress }, choices) {
    this.write(saved, true);
    const [, count] = this.status.children;
    if (count) count.textContent = progress;
    this.tell(choices);
  }

  write(text, done = false) {
    const [said] = this.status.children;
    said.removeAttribute("aria-hidden");
    if (said.textContent === text && said.className === (done ? "saved" : "unsaved")) return;
    said.className = done ? "saved" : "unsaved";
    said.textContent = text;
  }

  // The same words are not read out again at every try.
  tell(text, url = "") {
    if (text === this.told) return;
    this.told = text;
    Press.after(() => this.draw(text, url));
  }

  draw(text, url) {
    this.alert.replaceChildren();
    if (!text) return;
    const line = this.alert.appendChild(document.createElement("p"));
    line.textContent = text;
    if (!url) return;
    const link = Object.assign(document.createElement("a"), { href: url, target: "_blank", textContent: this.words.signInNow });
    line.append(" ", link);
  }

  // A button was pressed, and cannot lead on: said again.
  insist() {
    const { firstElementChild: line } = this.alert;
    if (line) this.alert.replaceChildren(line.cloneNode(true));
  }
}
