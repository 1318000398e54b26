// A page that is read from afar asks anew by itself every data-refresh seconds and renews its parts marked data-fresh, each
// with an id. Without an answer it stays as it is and shows that it is old.
export default class Refresh {
  constructor(element) {
    this.seconds = Number(element.dataset.refresh);
    this.later();
  }

  later() {
    setTimeout(() => this.draw().then(() => this.later()), this.seconds * 1000);
  }

  async draw() {
    const fresh = await this.read().catch(() => null);
    document.body.classList.toggle("is-stale", !fresh);
    if (!fresh) return;
    for (const part of document.querySelectorAll("[data-fresh]")) {
      const other = fresh.getElementById(part.id);
      if (other && !other.isEqualNode(part)) part.replaceChildren(...other.childNodes);
    }
  }

  async read() {
    const answer = await fetch(location.href, { cache: "no-store" });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  }
}
