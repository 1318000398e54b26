import { read } from "./figure.js";
import { speak } from "./speak.js";

const PAUSE = 1000; // milliseconds
const small = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split(" ");
const scales = ["", "ribu", "juta", "miliar", "triliun", "kuadriliun"];

function hundreds(n) {
  if (n < 12) return small[n];
  if (n < 20) return `${small[n - 10]} belas`;
  if (n < 100) return `${small[Math.floor(n / 10)]} puluh${n % 10 ? ` ${small[n % 10]}` : ""}`;
  const head = n < 200 ? "seratus" : `${small[Math.floor(n / 100)]} ratus`;
  return n % 100 ? `${head} ${hundreds(n % 100)}` : head;
}

// The figure in Indonesian words; "" when it is longer than anyone has money.
export function spell(digits) {
  if (digits === "0") return small[0];
  const groups = digits.split(/(?=(?:\d{3})+$)/).map(Number);
  if (groups.length > scales.length) return "";
  return groups
    .map((n, i) => [n, scales[groups.length - 1 - i]])
    .filter(([n]) => n)
    .map(([n, scale]) => (n === 1 && scale === "ribu" ? "seribu" : `${hundreds(n)} ${scale}`.trim()))
    .join(" ");
}

// What an amount means in words: "minus lima ribu rupiah"; "" for what cannot be read in one way only.
export function inWords(text) {
  const figure = read(text);
  const words = figure ? spell(figure.digits) : "";
  return words && `${figure.minus && figure.digits !== "0" ? "minus " : ""}${words} rupiah`;
}

// Says below the input what its figure or day means, so that a missing zero is heard.
export default class Words {
  constructor(output) {
    this.output = output;
    this.input = document.getElementById(output.htmlFor.value);
    if (!this.input) return;
    // Seen with each digit, but heard only when the hand rests.
    output.setAttribute("aria-live", "off");
    for (const kind of ["input", "compositionend"]) {
      this.input.addEventListener(kind, (event) => {
        this.update();
        if (event.isTrusted) speak(output.value, PAUSE);
      });
    }
    // Typed before this script came, or restored by the browser.
    if (this.input.value !== this.input.defaultValue) this.update();
  }

  update() {
    const { input } = this;
    this.output.value = this.output.dataset.words === "date" ? this.day(input.value) : this.rupiah(input.value);
  }

  day(iso) {
    if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return "";
    const long = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    return new Date(iso).toLocaleDateString(document.documentElement.lang, long);
  }

  rupiah(text) {
    return document.documentElement.lang === "id" ? inWords(text) : "";
  }
}
