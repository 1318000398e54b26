// One polite live region for the page: what was said last is said once, after a moment of silence.
let place;
let timer;

export function speak(text, pause = 0) {
  if (!place) {
    place = Object.assign(document.createElement("p"), { className: "hidden" });
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  clearTimeout(timer);
  timer = setTimeout(() => (place.textContent = text), pause || 100); // a new region is not heard at once
}
