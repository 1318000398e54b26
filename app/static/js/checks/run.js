import { isRaw, readValue } from "./answers.js";
import { evaluate, get, usable } from "./expressions.js";
import { fill, written } from "./formatting.js";
import { Unreadable } from "./parsing.js";

// What is odd in the answers, errors first, then by score: run_checks in app/questionnaire/checks.py in the browser.
// questionnaire: the file at /kuesioner/…json. last: last year's answers or null. today: ISO day.
export function runChecks(questionnaire, answers, { last = null, year = questionnaire.year, today, places = questionnaire.places, incomplete = false }) {
  const scope = { answers, last, year, today, places };
  const fired = questionnaire.checks.filter((check) => !(incomplete && check.complete_only) && evaluate(check.when, scope) === true);
  const telling = fired.filter((check) => !fired.some((other) => silences(other, check)));
  const order = new Map(questionnaire.questions.map(({ code }, place) => [code, place]));
  const rank = (one) => [one.severity === "error" ? 0 : 1, -one.score, order.get(one.questions[0])];
  return telling
    .map((check) => finding(check, scope, questionnaire, incomplete))
    .sort((one, other) => before(rank(one), rank(other)));
}

function before(one, other) {
  const place = one.findIndex((value, at) => value !== other[at]);
  return place < 0 ? 0 : one[place] - other[place];
}

// Whether a finding makes another superfluous: the same cause, told less exactly. Two parts of one figure are two causes; of a
// part and its whole the part speaks, of two that ask about the same pair the first.
function silences(one, other) {
  if (!one.questions.some((code) => other.questions.includes(code))) return false;
  if (one.part && other.part && one.name !== other.name) return false;
  if (one.code === other.code) {
    const turned = one.questions.length > 1 && one.questions.join() === other.questions.slice().reverse().join();
    return Boolean(one.part && !other.part) || (turned && one.order < other.order);
  }
  const silenced = one.supersedes || [];
  return silenced.includes(other.code) || (silenced.includes("*") && !(other.supersedes || []).includes("*"));
}

function finding(check, scope, questionnaire, incomplete) {
  const severity = check.error && !(incomplete && check.soft) ? "error" : "warning";
  return {
    code: check.code,
    severity,
    questions: check.questions,
    field: check.field || check.name,
    message: (check.reading && reread(check, scope, questionnaire)) || message(check, scope, questionnaire),
    suggestion: suggested(check, scope),
    score: check.score,
    confirm: check.confirm || "",
    reason: severity === "warning" ? `${check.questions[0]}_alasan` : "",
    past: Boolean(check.past), // speaks of last year
    asks: Boolean(check.asks), // asks itself why
  };
}

function message(check, scope, questionnaire) {
  const params = Object.entries(check.params || {}).map(([name, [kind, value]]) => [name, written(kind, evaluate(value, scope), questionnaire)]);
  return params.length ? fill(check.message, Object.fromEntries(params)) : check.message;
}

function suggested(check, scope) {
  const values = Object.entries(check.suggestion || {}).map(([name, value]) => [name, usable(evaluate(value, scope))]);
  return Object.fromEntries(values.filter(([, value]) => value !== null));
}

// The parser's own sentence about what was typed.
function reread(check, scope, questionnaire) {
  const kept = get(scope.answers, check.name);
  if (!isRaw(kept)) return "";
  try {
    readValue(questionnaire.questions.find(({ code }) => code === check.questions[0]), kept.raw, scope.places);
  } catch (problem) {
    if (problem instanceof Unreadable) return fill(questionnaire.says[problem.says], problem.params);
    throw problem;
  }
  return "";
}
