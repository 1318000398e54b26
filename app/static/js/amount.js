import { digitsOf, read, write } from "./figure.js";

// Groups digits while they are typed. What could mean two things ("1.25") is left as it is: the server asks back.
export default class Amount {
  constructor(input) {
    this.input = input;
    this.shown = read(input.value) ? input.value : "";
    // Before all others that listen, whichever script came first: they read what stands there afterwards.
    input.addEventListener("input", (event) => this.typed(event), true);
    input.addEventListener("compositionend", ({ data }) => this.typed({ inputType: "insertCompositionText", data }), true);
    input.addEventListener("change", () => this.settle(), true);
    if (input.dataset.signed) this.addSign();
    // Typed and left before this script came, or restored by the browser.
    if (input.value !== input.defaultValue && document.activeElement !== input) this.settle();
  }

  typed(event) {
    if (event.isComposing) return; // a keyboard that still composes would write its digits twice
    const text = this.input.value;
    const byHand = /^(delete|insertText|insertComposition)/.test(event.inputType || "");
    const plain = /^[-−]?[\d.]*\d$/.test(text);
    // While a hand still types "12,5" or "Rp50.000,00" nothing is taken away under it; leaving the input settles those.
    const figure = !byHand || plain ? read(text) || (byHand && this.regrouped(text, event)) : null;
    this.shown = "";
    if (figure) this.show(write(figure));
  }

  // The marks that we set come and go with each digit typed or deleted; those that a person types are theirs.
  regrouped(text, event) {
    const ours = this.shown !== "" && !/[.,]/.test(event.data || "");
    return ours && { minus: /^[-−]/.test(text), digits: digitsOf(text) };
  }

  settle() {
    const figure = read(this.input.value);
    if (figure) this.show(write(figure));
  }

  // The caret stays behind the same digit.
  show(text) {
    const { input } = this;
    this.shown = text;
    if (input.value === text) return;
    const after = input.value.slice(input.selectionStart).replace(/\D/g, "").length;
    input.value = text;
    if (document.activeElement !== input) return;
    let at = text.length;
    for (let left = after; left > 0 && at > 0; at -= 1) if (/\d/.test(text[at - 1])) left -= 1;
    input.setSelectionRange(at, at);
  }

  // Phones' digit keypads have no minus.
  addSign() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sign";
    button.textContent = "±";
    button.setAttribute("aria-label", this.input.dataset.signed);
    button.addEventListener("click", () => {
      const { value } = this.input;
      this.input.value = /^[-−]/.test(value) ? value.slice(1) : `−${value}`;
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
      this.input.focus();
    });
    this.input.inputMode = "decimal";
    this.input.after(button);
  }
}
