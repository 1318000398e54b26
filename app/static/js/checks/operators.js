import { iso, lastDay, readDay } from "./days.js";
import { lengthOf } from "./text.js";

// The operators that reckon with known values: app/questionnaire/operators.py in the browser. What does not fit gives null.
const numbers = (...values) => values.every((value) => typeof value === "number");
const isInt = (value) => Number.isInteger(value) || typeof value === "boolean";
const arithmetic = (reckon) => (...values) => (numbers(...values) ? reckon(...values) : null);
const compare = (order) => (left, right) =>
  numbers(left, right) || (typeof left === "string" && typeof right === "string") ? order(left, right) : null;
const both = (left, right, judge) => (isInt(left) && isInt(right) ? judge(digits(left), digits(right), left < 0 === right < 0) : null);
const digits = (value) => String(Math.abs(Number(value)));

function near(left, right, tolerance) {
  return numbers(left, right) ? Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right)) : null;
}

function scaled(old, now, power, slack) {
  if (!numbers(old, now)) return null;
  if (old === 0 || now / old <= 0) return false;
  const factor = power >= 0 ? now / old / 10 ** power : (now / old) * 10 ** -power;
  return 1 / (1 + slack) <= factor && factor <= 1 + slack;
}

function swapped(a, b, alike) {
  if (a.length !== b.length || a.length < 3 || !alike) return false;
  const differ = Array.from(a, (_, place) => place).filter((place) => a[place] !== b[place]);
  const [first, second] = differ;
  return differ.length === 2 && second === first + 1 && a[first] === b[second] && a[second] === b[first];
}

function dropped(a, b, alike) {
  if (a.length !== b.length + 1 || a.length < 3 || !alike) return false;
  return Array.from(a).some((_, place) => a.slice(0, place) + a.slice(place + 1) === b);
}

function part(value, divisor) {
  return isInt(value) && value % divisor === 0 ? value / divisor : null;
}

function addMonths(day, months) {
  const start = readDay(day);
  if (!start) return null;
  const all = start.year * 12 + start.month - 1 + months;
  const year = Math.floor(all / 12);
  const month = (all % 12) + 1;
  return year < 1 || year > 9999 ? null : iso(year, month, Math.min(start.day, lastDay(year, month)));
}

export const plain = {
  not: (value) => (typeof value === "boolean" ? !value : null),
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  lt: compare((left, right) => left < right),
  le: compare((left, right) => left <= right),
  gt: compare((left, right) => left > right),
  ge: compare((left, right) => left >= right),
  in: (value, ...choices) => choices.includes(value),
  add: arithmetic((...values) => values.reduce((sum, value) => sum + value, 0)),
  sub: arithmetic((left, right) => left - right),
  mul: arithmetic((left, right) => left * right),
  neg: arithmetic((value) => 0 - value),
  abs: arithmetic(Math.abs),
  max: arithmetic(Math.max),
  ratio: (over, under) => (numbers(over, under) && under !== 0 ? over / under : null),
  part,
  near,
  scaled,
  digits_swapped: (left, right) => both(left, right, swapped),
  digit_dropped: (whole, short) => both(whole, short, dropped),
  length: (value) => (typeof value === "string" ? lengthOf(value) : null),
  is_digits: (value, count) => typeof value === "string" && new RegExp(`^[0-9]{${count}}$`).test(value) && value.length === count,
  starts_with: (value, start) => (typeof value === "string" ? value.startsWith(start) : null),
  add_months: addMonths,
};
