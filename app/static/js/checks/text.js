// What people type, on one line and in plain digits: the same as fold_space and fold_digits in app/core/parsing.py.
const space = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/gu;
const unseen = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
const minus = /[–—‒﹣－‐‑\u2212]/gu;
const wide = { "．": ".", "，": ",", "（": "(", "）": ")", "／": "/", "＋": "+" };

export function foldSpace(raw) {
  return raw.normalize("NFC").replace(space, " ").replace(unseen, "").split(" ").filter(Boolean).join(" ");
}

export function foldDigits(raw) {
  const plain = foldSpace(raw).replace(minus, "-").replace(/[．，（）／＋]/gu, (mark) => wide[mark]);
  return plain.replace(/\p{Nd}/gu, digit);
}

// Digits of a script follow each other from zero to nine.
function digit(character) {
  let place = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(character.codePointAt(0) - place - 1))) place += 1;
  return String(place % 10);
}

export const start = (text, length) => Array.from(text).slice(0, length).join("");
export const lengthOf = (text) => Array.from(text).length;

// What an error repeats of what was typed.
export function quoted(raw) {
  const folded = foldSpace(raw);
  return lengthOf(folded) <= 40 ? folded : `${start(folded, 39)}…`;
}
