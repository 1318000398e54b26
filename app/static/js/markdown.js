// Buttons above a text that is written in Markdown, and its result below it without leaving the page.
const AROUND = { bold: ["**", "**"], italic: ["*", "*"] };
const BEFORE = { heading: () => "## ", list: () => "- ", steps: (line) => `${line + 1}. ` };

export default class Markdown {
  constructor(box) {
    this.text = box.querySelector("textarea");
    this.seen = box.querySelector("[data-seen]");
    this.url = box.dataset.url;
    const bar = box.querySelector("[role=toolbar]");
    this.buttons = [...bar.querySelectorAll("button")];
    this.stopAt(0);
    bar.hidden = false;
    bar.addEventListener("click", ({ target }) => target.dataset.mark && this.mark(target.dataset.mark));
    bar.addEventListener("keydown", (event) => this.walk(event));
    box.querySelector("[data-see]").addEventListener("click", (event) => this.see(event));
    this.text.addEventListener("keydown", (event) => this.shortcut(event));
  }

  mark(name) {
    const { selectionStart: from, selectionEnd: to, value } = this.text;
    const chosen = value.slice(from, to);
    if (name === "link") return this.put(from, to, `[${chosen}](https://)`, chosen ? from + chosen.length + 3 : from + 1, chosen ? 8 : 0);
    if (AROUND[name]) {
      const [open, close] = AROUND[name];
      return this.put(from, to, open + chosen + close, from + open.length, chosen.length);
    }
    const start = value.lastIndexOf("\n", from - 1) + 1;
    const lines = value.slice(start, to).split("\n");
    const marked = lines.map((line, number) => BEFORE[name](number) + line).join("\n");
    this.put(start, to, marked, start + marked.length, 0);
  }

  // Through execCommand, so that the browser's own undo takes it back; setRangeText where there is none.
  put(from, to, words, start, length) {
    this.text.focus();
    this.text.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, words)) {
      this.text.setRangeText(words, from, to, "end");
      this.text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.text.setSelectionRange(start, start + length);
  }

  shortcut(event) {
    const name = { b: "bold", i: "italic" }[event.key];
    if (!name || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    this.mark(name);
  }

  // A toolbar is one stop of the Tab key; arrows go from button to button.
  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const count = this.buttons.length;
    this.stopAt((this.buttons.indexOf(event.target) + step + count) % count).focus();
  }

  stopAt(place) {
    this.buttons.forEach((button, number) => (button.tabIndex = number === place ? 0 : -1));
    return this.buttons[place];
  }

  async see(event) {
    event.preventDefault();
    const sent = new FormData();
    sent.set("csrf_token", this.text.form.elements.csrf_token.value);
    sent.set("naskah", this.text.value);
    const answer = await fetch(this.url, { method: "POST", body: sent }).catch(() => null);
    if (!answer || !answer.ok) return this.sendForm(event.target.closest("button"));
    const shown = new DOMParser().parseFromString(await answer.text(), "text/html"); // cleaned by the server
    this.seen.textContent = "";
    this.seen.append(...shown.body.childNodes);
    const panel = this.seen.parentElement;
    panel.hidden = false;
    panel.focus();
  }

  sendForm(button) {
    this.text.form.requestSubmit ? this.text.form.requestSubmit(button) : this.text.form.submit();
  }
}
