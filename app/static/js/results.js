// A form of choices whose results stand beside it: each change draws them anew, as the button does.
export default class Results {
  constructor(form) {
    this.form = form;
    form.addEventListener("change", () => this.draw());
  }

  async draw() {
    if (this.running) this.running.abort();
    this.running = new AbortController();
    const wanted = new URLSearchParams(new FormData(this.form));
    wanted.set("hitung", "1");
    const address = `${this.form.action.split("#")[0]}?${wanted}`;
    try {
      const answer = await fetch(address, { signal: this.running.signal });
      if (!answer.ok) return; // what cannot be read is told beside its input once the button is pressed
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const id = this.form.dataset.results;
      const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
      if (!old || !fresh) return;
      old.replaceChildren(...fresh.childNodes);
      history.replaceState(null, "", address);
      old.dispatchEvent(new CustomEvent("simpul:drawn", { bubbles: true }));
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }
}
