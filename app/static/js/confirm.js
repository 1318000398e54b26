// Asks before a decision that cannot be taken back. Browsers without <dialog> send at once, as without script.
export default class Confirm {
  constructor(button) {
    this.button = button;
    this.dialog = document.getElementById(button.dataset.confirm);
    this.sure = false;
    if (!this.dialog || !this.dialog.showModal) return;
    button.addEventListener("click", (event) => this.ask(event));
    this.dialog.querySelector("[data-no]").addEventListener("click", () => this.dialog.close());
    this.dialog.querySelector("[data-yes]").addEventListener("click", () => this.go());
  }

  ask(event) {
    if (this.sure) return;
    event.preventDefault();
    Confirm.asking = this;
    this.dialog.showModal();
  }

  // Several buttons may share a dialog: only the one that opened it goes on.
  go() {
    if (Confirm.asking !== this) return;
    this.dialog.close();
    this.sure = true;
    this.button.click();
    this.sure = false;
  }
}
