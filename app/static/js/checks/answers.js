import { get, isBlank } from "./expressions.js";
import { parseDate, parseInteger, parsePhone, parseRupiah, Unreadable } from "./parsing.js";
import { foldDigits, foldSpace, start } from "./text.js";

// Answers between the form and the report's JSON: app/questionnaire/answers.py in the browser.
const parsers = { integer: parseInteger, rupiah: parseRupiah, date: parseDate, phone: parsePhone };

export const isRaw = (value) => value !== null && typeof value === "object" && typeof value.raw === "string";
export const isKelurahan = (code) => code.split(".").length === 4;

// The inputs in which a question is asked.
export function fieldsOf(question) {
  if (question.parts) return question.parts.map((part) => part.code);
  return question.derive ? [] : [question.code];
}

export function readValue(question, typed, places) {
  if (parsers[question.type]) return parsers[question.type](typed);
  const folded = foldSpace(typed);
  if (question.type === "choice") return readChoice(question, folded);
  if (question.type === "place") return readPlace(folded, places);
  return readText(question, typed, folded);
}

function readText(question, typed, folded) {
  if (question.digits) {
    const compact = foldDigits(typed).replace(/[ .-]/g, "");
    return /^\d+$/.test(compact) ? compact : folded || null;
  }
  const none = question.none_word;
  return none && folded.toLowerCase() === none.toLowerCase() ? none : folded || null;
}

function readChoice(question, folded) {
  if (!folded) return null;
  const found = question.choices.find((choice) => choice.toLowerCase() === folded.toLowerCase());
  if (found === undefined) throw new Unreadable("no_choice", { raw: start(folded, 40) });
  return found;
}

function readPlace(folded, places) {
  if (!folded) return null;
  if (get(places, folded) !== null && isKelurahan(folded)) return folded;
  const named = Object.keys(places).filter((code) => isKelurahan(code) && places[code].toLowerCase() === folded.toLowerCase());
  if (named.length === 1) return named[0];
  throw new Unreadable(named.length ? "many_places" : "no_place", { count: named.length, raw: start(folded, 40) });
}

// What a form says: "typed" has the text of each input that was sent. null for a cleared one, {raw} for what cannot be read.
export function readAnswers(questions, typed, places) {
  const values = {};
  for (const question of questions) {
    const sent = fieldsOf(question).filter((name) => get(typed, name) !== null);
    for (const name of sent) values[name] = readOrKeep(question, typed[name], places);
    if (sent.length) values[`${question.code}_konfirmasi`] = Boolean(get(typed, `${question.code}_konfirmasi`)) || null;
    const reason = get(typed, `${question.code}_alasan`);
    if (reason !== null) values[`${question.code}_alasan`] = foldSpace(reason) || null;
  }
  return values;
}

function readOrKeep(question, typed, places) {
  try {
    return readValue(question, typed, places);
  } catch (problem) {
    if (!(problem instanceof Unreadable)) throw problem;
    return { raw: foldSpace(typed) };
  }
}

// The answers with values laid over them, and what follows from them worked out anew; blanks are left out.
export function apply(questions, answers, values) {
  const after = { ...answers, ...values };
  for (const { code, derive, default_if: fallback } of questions) {
    if (derive && (derive.prefix_of || !(code in values))) follow(code, derive, { answers, values, after });
    if (fallback && isBlank(get(after, code)) && get(after, fallback.field) === fallback.is) after[code] = fallback.value;
  }
  return Object.fromEntries(Object.entries(after).filter(([, value]) => !isBlank(value) && value !== false));
}

function follow(code, derive, { answers, values, after }) {
  const sources = derive.sum_of || [derive.prefix_of];
  const derived = derivedOf(derive, sources.map((key) => get(after, key)));
  if (derived !== null && (sources.some((key) => key in values) || isBlank(get(after, code)))) after[code] = derived;
  else if (!(code in values) && sources.some((key) => !same(get(after, key), get(answers, key)))) delete after[code];
}

function derivedOf(derive, found) {
  if (derive.prefix_of) return typeof found[0] === "string" && found[0] ? start(found[0], derive.length) : null;
  return found.every(Number.isInteger) ? found.reduce((sum, value) => sum + value, 0) : null;
}

const same = (one, other) => (isRaw(one) && isRaw(other) ? one.raw === other.raw : one === other);
