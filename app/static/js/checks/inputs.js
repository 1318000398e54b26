import { fieldsOf, readValue } from "./answers.js";

// The inputs of a form as texts, and texts into its inputs.
export function typedIn(form) {
  const typed = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") typed[name] = value;
  for (const [name, value] of Object.entries(typed)) {
    const reason = name.replace(/_lain$/, "");
    if (name.endsWith("_alasan_lain") && value.trim()) typed[reason] = value;
  }
  return typed;
}

// Whether all of names can be typed into here; else the server has to do it.
export const hasInputs = (form, names) => names.every((name) => controlOf(form, name));

export function textOf(form, name) {
  return controlOf(form, name).value;
}

function controlOf(form, name) {
  const control = form.elements.namedItem(name);
  return control && control.disabled !== true && control.type !== "hidden" && !control.readOnly ? control : null;
}

// As by hand: whoever listens for typing hears of it.
export function write(form, name, text) {
  const control = controlOf(form, name);
  control.value = text;
  const radios = control instanceof RadioNodeList;
  const target = radios ? Array.from(control).find((one) => one.value === text) || control[0] : control;
  if (radios && !text) for (const one of control) one.checked = false;
  for (const kind of ["input", "change"]) target.dispatchEvent(new Event(kind, { bubbles: true }));
}

// A value as its input shows it: as_input in app/questionnaire/answers.py, but for the dashes in a telephone number.
export function asInput(question, value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return value.raw;
  if (typeof value === "number") return `${value < 0 ? "-" : ""}${String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, ".")}`;
  return question.type === "phone" ? value.replace(/^\+62/, "0") : String(value);
}

// What a proposal names, name:value with semicolons between, as texts for the inputs; null when one of them is not ours.
export function proposalOf(questionnaire, written) {
  const texts = {};
  for (const part of written.split(";").filter(Boolean)) {
    const [name, value] = [part.slice(0, part.indexOf(":")), part.slice(part.indexOf(":") + 1)];
    if (!value) continue;
    const question = questionnaire.questions.find((one) => fieldsOf(one).includes(name));
    if (!question) return null;
    texts[name] = asInput(question, readValue(question, value, questionnaire.places));
  }
  return texts;
}
