import { read, write } from "./figure.js";

// Adds what the inputs named in "for" say; empty as long as one of them cannot be read.
export default class Sum {
  constructor(output) {
    this.output = output;
    this.inputs = Array.from(output.htmlFor, (id) => document.getElementById(id)).filter(Boolean);
    for (const input of this.inputs) for (const kind of ["input", "compositionend"]) input.addEventListener(kind, () => this.update());
    if (this.inputs.some((input) => input.value !== input.defaultValue)) this.update();
  }

  update() {
    const figures = this.inputs.map((input) => read(input.value || "0"));
    const total = figures.reduce((sum, figure) => sum + (figure ? Number(figure.digits) : NaN), 0);
    const given = this.inputs.some((input) => input.value);
    this.output.value = given && Number.isSafeInteger(total) ? write({ minus: false, digits: String(total) }) : "";
  }
}
