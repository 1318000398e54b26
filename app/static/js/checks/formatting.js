import { readDay } from "./days.js";

// How figures and days are written for people, as app/core/formatting.py does it. "feed" knows the language and its months.
export function number(value, { language }) {
  const grouped = String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, language === "id" ? "." : ",");
  return value < 0 ? `−${grouped}` : grouped;
}

export function rupiah(value, feed) {
  return value < 0 ? `−Rp${number(-value, feed)}` : `Rp${number(value, feed)}`;
}

export function longDate({ year, month, day }, { months }) {
  return `${day} ${months[month - 1]} ${year}`;
}

// A sentence with its placeholders filled.
export function fill(template, params) {
  return template.replace(/%\((\w+)\)s|%%/g, (mark, name) => (name ? params[name] : "%"));
}

const isWhole = (value) => Number.isInteger(value) || typeof value === "boolean";

// One placeholder's value as people read it.
export function written(kind, value, feed) {
  if (kind === "rupiah" && isWhole(value)) return rupiah(Number(value), feed);
  if (kind === "number" && isWhole(value)) return number(Number(value), feed);
  const day = kind === "date" && readDay(value);
  if (day) return longDate(day, feed);
  if (typeof value === "boolean") return value ? "True" : "False";
  return value === null ? "–" : String(value);
}
