const KEPT = "simpul-shortcuts";
const TYPING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";

// Single keys for the staff's desk: an element with data-key="n" is pressed by N. The button in the footer turns them off.
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
    if (!this.on || busy) return;
    const row = event.target.closest("[data-row]");
    if (event.target.closest(TYPING)) {
      if (event.key === "Escape") row ? row.focus() : event.target.blur();
      return;
    }
    const target = this.rowBeside(row, event.key) || this.meant(row, event.key);
    if (!target) return;
    event.preventDefault();
    this.press(target);
  }

  // J and K go from row to row; a page without rows may give these keys to its own elements.
  rowBeside(row, key) {
    if (key !== "j" && key !== "k") return null;
    const rows = Array.from(document.querySelectorAll("[data-row]"));
    const place = rows.indexOf(row);
    if (place < 0) return key === "j" ? rows[0] : rows[rows.length - 1];
    return rows[place + (key === "j" ? 1 : -1)] || row;
  }

  // A key that every row has means the row that has the focus.
  meant(row, key) {
    const named = Array.from(document.querySelectorAll("[data-key]")).filter((one) => one.dataset.key === key);
    return named.find((one) => row && row.contains(one)) || named.find((one) => !one.closest("[data-row]"));
  }

  // What cannot be taken back by the same key is only reached by it: Enter does the rest.
  press(target) {
    if (target.matches("[data-row], [data-key-focus]")) {
      target.focus();
    } else if (target.matches("summary")) {
      target.parentElement.open = true;
      (target.parentElement.querySelector("textarea, input") || target).focus();
    } else {
      if (!target.closest("[data-row]")) target.focus();
      target.click();
    }
  }
}
