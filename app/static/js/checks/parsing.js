import { iso, lastDay } from "./days.js";
import { foldDigits, quoted } from "./text.js";

// Figures, days and telephone numbers, read strictly the Indonesian way: app/core/parsing.py in the browser. Blank is null.
export const MAX_RUPIAH = 1e15;
export const MAX_INTEGER = 1e9;

const plain = /^(\d+)(?:,0{1,2}|,-|\.-)?$/;
const grouped = /^([1-9]\d{0,2}(?:\.\d{3})+)(?:,0{1,2}|,-|\.-)?$/;
const spaced = /^([1-9]\d{0,2}(?: \d{3})+)(?:,0{1,2}|,-)?$/;
const english = /^(?:([1-9]\d{0,2}(?:,\d{3}){2,})(?:\.0{1,2})?|([1-9]\d{0,2}(?:,\d{3})+)\.0{1,2})$/;
const withSen = /^(\d+|[1-9]\d{0,2}(?:\.\d{3})+),(\d{1,2})$/;
const oneMark = /^(\d+)([.,])(\d+)$/;
const inWords = /^[\d.,]+ ?(ribu|rb|juta|jt|miliar|milyar|m|triliun|t)\.?$/i;

const months = [
  "januari jan january",
  "februari feb pebruari february",
  "maret mar march",
  "april apr",
  "mei may",
  "juni jun june",
  "juli jul july",
  "agustus agu agt ags aug august",
  "september sep sept",
  "oktober okt oct october",
  "november nov nopember",
  "desember des dec december",
].map((names) => names.split(" "));
const weekday = /^(?:senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|ahad),? /i;
const midnight = /[ T]00[:.]00([:.]00(\.0+)?)?$/;

// Why it cannot be read: the name of a sentence (see app/core/unreadable.py), and what fills it.
export class Unreadable extends Error {
  constructor(says, params) {
    super(says);
    this.says = says;
    this.params = params;
  }
}

export const parseInteger = (raw) => parseNumber(raw, false);
export const parseRupiah = (raw) => parseNumber(raw, true);

function parseNumber(raw, money) {
  const text = foldDigits(raw);
  if (!text) return null;
  const [negative, body] = withoutSign(text, money);
  const whole = plain.exec(body) || grouped.exec(body) || spaced.exec(body);
  const foreign = whole ? null : english.exec(body);
  if (!whole && !foreign) throw whyNot(body, raw, money);
  const digits = whole ? whole[1].replace(/[. ]/g, "") : (foreign[1] || foreign[2]).replace(/,/g, "");
  const value = Number(digits);
  if (value > (money ? MAX_RUPIAH : MAX_INTEGER)) throw new Unreadable("too_large", { raw: quoted(raw) });
  return negative && value ? -value : value;
}

// A sign, brackets and Rp stand in any order: -Rp3, Rp -3, (Rp 3), Rp (3).
function withoutSign(typed, money) {
  let text = typed;
  let negative = false;
  for (let turn = 0; turn < 3; turn += 1) {
    if (money) text = text.replace(/^(?:rp\.?|idr) ?/i, "");
    if (!negative && text[0] === "-" && text.length > 1) {
      negative = true;
      text = text.slice(1).trimStart();
    } else if (!negative && text[0] === "(" && text.endsWith(")")) {
      negative = true;
      text = text.slice(1, -1).trim();
    }
  }
  return [negative, negative ? text : text.replace(/^\+/, "").trimStart()];
}

function whyNot(body, raw, money) {
  const shown = quoted(raw);
  if (inWords.test(body)) return new Unreadable("in_words", { raw: shown });
  const sen = money && withSen.exec(body);
  if (sen) return sen[1].length > 3 ? new Unreadable("sen", { raw: shown, whole: sen[1] }) : new Unreadable("not_whole", { raw: shown });
  const match = oneMark.exec(body);
  if (match) return twoMeanings(match, shown, money);
  if (/^[\d., ]+$/.test(body)) return new Unreadable("mark", { raw: shown });
  return new Unreadable(money ? "no_amount" : "no_number", { raw: shown });
}

// "1.25" and "1,250": a fraction, or digits that belong together?
function twoMeanings([, whole, mark, digits], shown, money) {
  const fraction = mark === "," ? digits.replace(/0+$/, "") : digits;
  return new Unreadable(money ? "two_amounts" : "two_numbers", {
    raw: shown,
    fraction: quoted(fraction ? `${whole},${fraction}` : whole),
    joined: quoted(whole + digits),
  });
}

// A day as ISO text.
export function parseDate(raw) {
  const text = foldDigits(raw).replace(weekday, "").replace(midnight, "");
  if (!text) return null;
  const parts = dayParts(text);
  if (!parts) throw new Unreadable("no_day", { raw: quoted(raw) });
  if (parts.year.length === 2) throw new Unreadable("short_year", { raw: quoted(raw) });
  return calendarDay(Number(parts.year), parts.month, parts.day);
}

function dayParts(text) {
  let match = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(text);
  if (match) return { year: match[1], month: Number(match[3]), day: Number(match[4]) };
  match = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{2}|\d{4})$/.exec(text);
  if (match) return { year: match[4], month: Number(match[3]), day: Number(match[1]) };
  match = /^(\d{1,2})[ -]([a-z]+)\.?[ -](\d{2}|\d{4})$/i.exec(text);
  const month = match ? months.findIndex((names) => names.includes(match[2].toLowerCase())) + 1 : 0;
  return month ? { year: match[3], month, day: Number(match[1]) } : null;
}

function calendarDay(year, month, day) {
  if (year < 1900 || year > 2100) throw new Unreadable("far_year", { year: String(year).padStart(4, "0") });
  if (month < 1 || month > 12) throw new Unreadable("no_month", { month });
  const last = lastDay(year, month);
  if (last < day && day <= 31) throw new Unreadable(`month_${month}`, { year, last });
  if (day < 1 || day > 31) throw new Unreadable("no_such_day", { day, last });
  return iso(year, month, day);
}

export function parsePhone(raw) {
  const text = foldDigits(raw);
  if (!text) return null;
  if (/[/;,]|\bx\b|ext/i.test(text)) throw new Unreadable("two_phones", { raw: quoted(raw) });
  const match = /^(?:\+62|62(?=\d{9})|0|(?=8\d{8}))0?([1-9]\d*)$/.exec(text.replace(/[ ().-]/g, ""));
  if (!match || match[1].length < 8 || match[1].length > 12) throw new Unreadable("no_phone", { raw: quoted(raw) });
  return `+62${match[1]}`;
}
