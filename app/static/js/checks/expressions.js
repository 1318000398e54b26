import { readDay } from "./days.js";
import { plain } from "./operators.js";
import { MAX_INTEGER, MAX_RUPIAH } from "./parsing.js";

// The conditions of the checks: app/questionnaire/expressions.py in the browser. What is not known is null and stays null; a
// scope holds answers, last (or null), year, today (ISO) and places.
export function get(answers, name) {
  const value = Object.prototype.hasOwnProperty.call(answers, name) ? answers[name] : null;
  return value === undefined ? null : value;
}
export const isBlank = (value) => value === null || value === "";

export function usable(value) {
  if (typeof value === "boolean" || typeof value === "string") return value === "" ? null : value;
  return Number.isInteger(value) && Math.abs(value) <= MAX_RUPIAH ? value : null;
}

function conforms(kind, value) {
  if (kind === "integer" || kind === "rupiah")
    return Number.isInteger(value) && Math.abs(value) <= (kind === "integer" ? MAX_INTEGER : MAX_RUPIAH);
  if (kind === "date") return readDay(value) !== null;
  if (kind === "phone") return typeof value === "string" && /^\+62[1-9][0-9]{7,11}$/.test(value);
  return typeof value === "string";
}

// "and" is decided by false, "or" by true.
function decide(decisive, tests, scope) {
  let unknown = false;
  for (const test of tests) {
    const value = evaluate(test, scope);
    if (value === decisive) return decisive;
    unknown = unknown || value !== !decisive;
  }
  return unknown ? null : !decisive;
}

const special = {
  field: ([name], scope) => usable(get(scope.answers, name)),
  last: ([name], scope) => (scope.last ? usable(get(scope.last, name)) : null),
  blank: (names, scope) => names.every((name) => isBlank(get(scope.answers, name))),
  unreadable([kind, name], scope) {
    const value = get(scope.answers, name);
    return !isBlank(value) && !conforms(kind, value);
  },
  and: (tests, scope) => decide(false, tests, scope),
  or: (tests, scope) => decide(true, tests, scope),
  count: (tests, scope) => tests.filter((test) => evaluate(test, scope) === true).length,
  known: (tests, scope) => tests.filter((test) => evaluate(test, scope) !== null).length,
  when: ([condition, value], scope) => (evaluate(condition, scope) === true ? evaluate(value, scope) : null),
  year: (_, scope) => scope.year,
  year_end: (_, scope) => `${String(scope.year).padStart(4, "0")}-12-31`,
  today: (_, scope) => scope.today,
  in_places([place], scope) {
    const code = evaluate(place, scope);
    return typeof code === "string" ? get(scope.places, code) !== null && code.split(".").length === 4 : null;
  },
};

export function evaluate(expression, scope) {
  if (!Array.isArray(expression)) return expression;
  const [operator, ...rest] = expression;
  if (special[operator]) return special[operator](rest, scope);
  const values = [];
  for (const argument of rest) {
    const value = evaluate(argument, scope);
    if (value === null) return null;
    values.push(value);
  }
  return plain[operator](...values);
}
