// Warns before a page with unsaved changes is left. Sending the form is not leaving.
export default class Unsaved {
  constructor(form) {
    this.changed = false;
    form.addEventListener("input", () => (this.changed = true));
    form.addEventListener("submit", () => (this.changed = false));
    window.addEventListener("pageshow", (event) => event.persisted && (this.changed = false));
    window.addEventListener("beforeunload", (event) => this.warn(event));
  }

  warn(event) {
    if (!this.changed) return;
    event.preventDefault();
    event.returnValue = true; // what browsers before 2023 ask for
  }
}
