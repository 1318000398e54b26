const KEPT = "simpul-shortcuts";

// Single keys for the staff's desk: an element with data-key="j" is pressed by J. The button in the footer turns them off.
export default class Shortcuts {
  constructor(toggle) {
    this.toggle = toggle;
    this.on = this.remembered() !== "off";
    toggle.addEventListener("click", () => this.flip());
    document.addEventListener("keydown", (event) => this.pressed(event));
    toggle.hidden = !document.querySelector("[data-key]");
    this.show();
  }

  remembered() {
    try {
      return localStorage.getItem(KEPT);
    } catch (refused) {
      return null;
    }
  }

  flip() {
    this.on = !this.on;
    try {
      localStorage.setItem(KEPT, this.on ? "on" : "off");
    } catch (refused) {
      // A browser that keeps nothing: the choice holds for this page.
    }
    this.show();
  }

  show() {
    this.toggle.textContent = this.on ? this.toggle.dataset.on : this.toggle.dataset.off;
  }

  pressed(event) {
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector("dialog[open]");
    if (!this.on || busy || event.target.closest("input, select, textarea, [contenteditable]")) return;
    const target = Array.from(document.querySelectorAll("[data-key]")).find((one) => one.dataset.key === event.key);
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.click();
  }
}
