// What moves the page waits while somebody presses: a press that began on a button must not end beside it, for then it does
// nothing.
//
//   Press.after(() => this.placeAll())     // at once, or as soon as the finger or the mouse button is up and the click is done
const SOON = 50; // milliseconds in which the click comes after the release
const waiting = [];
let pressed = false;

export default class Press {
  static after(run) {
    if (pressed) waiting.push(run);
    else run();
  }

  static begin() {
    pressed = true;
  }

  static end() {
    pressed = false;
    for (const run of waiting.splice(0)) run();
  }
}

window.addEventListener("pointerdown", ({ button }) => button === 0 && Press.begin(), true);
for (const end of ["pointerup", "pointercancel", "dragend"]) window.addEventListener(end, () => setTimeout(Press.end, SOON), true);
window.addEventListener("blur", ({ target }) => target === window && Press.end());
