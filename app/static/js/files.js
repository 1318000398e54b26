// Says at once that the chosen files are larger together than the site takes, before minutes of sending them for nothing.
const MOST = 8 * 2 ** 20 - 2 ** 16; // bytes: what the site takes, less what is typed beside them
const shown = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export default class Files {
  constructor(input) {
    this.input = input;
    this.told = null;
    input.addEventListener("change", () => this.tell());
    input.form.addEventListener("submit", (event) => this.tell() && this.stop(event), true);
  }

  get bytes() {
    const inputs = Array.from(this.input.form.querySelectorAll("input[type=file]"));
    return inputs.reduce((sum, { files }) => Array.from(files).reduce((bytes, { size }) => bytes + size, sum), 0);
  }

  // Whether they are too large, said below the input that holds some of them.
  tell() {
    const sum = this.bytes;
    const wrong = sum > MOST && this.input.files.length > 0;
    if (this.told) this.told.hidden = !wrong;
    if (!wrong) return false;
    if (!this.told) this.told = this.below();
    this.told.textContent = this.input.dataset.tooLarge.replace("{size}", shown.format(sum / 2 ** 20));
    return true;
  }

  below() {
    const told = document.createElement("p");
    told.className = "field-error";
    told.setAttribute("role", "alert");
    this.input.after(told);
    return told;
  }

  stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    this.input.focus();
  }
}
