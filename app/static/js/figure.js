// How a figure is written in our inputs, on English pages too: 1.250.000, whole rupiah, - or − before it.
const figure = /^([-−]?)([1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,(?:0{0,2}|-))?$/;

// Sign and digits of a figure that can be read in one way only; null for anything else ("1.25", "12 juta").
export function read(text) {
  const match = figure.exec(text.replace(/\s/g, "").replace(/^([-−]?)Rp\.?/i, "$1"));
  return match && { minus: match[1] !== "", digits: digitsOf(match[2]) };
}

export const digitsOf = (text) => text.replace(/\D/g, "").replace(/^0+(?=\d)/, "");

export function write({ minus, digits }) {
  return (minus ? "−" : "") + digits.replace(/\B(?=(\d{3})+$)/g, ".");
}
