// The print button of a letter; without script the browser's own menu prints.
export default class Print {
  constructor(button) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
