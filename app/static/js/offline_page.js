import DraftStore, { tooEasy } from "./draft_store.js";
import { countWaiting, record } from "./draft_database.js";
import { keepPage, wipe } from "./offline_home.js";

// The form that works without a network: set up once, opened with a PIN each time. What stands in it comes from the office when
// there is a way, else from what is sealed on this device.
export default class OfflinePage {
  constructor(root) {
    this.root = root;
    Object.assign(this, root.dataset);
    this.address = `${this.form}/luring`;
    this.token = "";
    this.forms = Object.fromEntries(Array.from(root.querySelectorAll("form"), (form) => [form.dataset.when, form]));
    for (const link of root.querySelectorAll("[data-ordinary]")) {
      link.addEventListener("click", () => sessionStorage.setItem("biasa", "1"));
    }
    for (const name of ["setup", "locked"]) {
      this.forms[name].addEventListener("submit", (event) => this.submitted(event, name));
    }
    this.start();
  }

  async start() {
    if (!window.isSecureContext || !navigator.serviceWorker || !crypto.subtle) return this.show("plain");
    sessionStorage.removeItem("biasa");
    for (const button of this.root.querySelectorAll("[data-wipe]")) {
      button.addEventListener("click", () => this.askToWipe());
    }
    const dialog = this.root.querySelector("dialog");
    dialog.querySelector("[data-no]").addEventListener("click", () => dialog.close());
    dialog.querySelector("[data-yes]").addEventListener("click", () => this.wipe());
    if (!(await record(this.of))) return this.show("setup");
    const waiting = await countWaiting(this.of);
    this.root.querySelector("[data-kept]").textContent = waiting ? this.sayKept : "";
    return this.show("locked");
  }

  show(when) {
    for (const part of this.root.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== when;
    const first = this.forms[when] && this.forms[when].querySelector("input");
    if (first) first.focus();
  }

  async submitted(event, name) {
    event.preventDefault();
    const form = this.forms[name];
    const [button] = form.getElementsByTagName("button");
    if (button.disabled) return;
    button.disabled = true;
    try {
      await (name === "setup" ? this.setUp(form) : this.unlock(form));
    } finally {
      button.disabled = false;
    }
  }

  async setUp(form) {
    const { pin_baru: first, pin_ulang: again } = form.elements;
    this.complain(again, "");
    if (!/^\d{6}$/.test(first.value)) return this.complain(first, this.sayDigits);
    if (tooEasy(first.value)) return this.complain(first, this.sayEasy);
    this.complain(first, "");
    if (first.value !== again.value) return this.complain(again, this.sayDiffer);
    const { data } = await this.fromOffice();
    if (!data) return this.complain(first, this.sayNoOffice);
    if (!data.open.length) return this.show("ended");
    const store = await this.keep()
      .then(() => DraftStore.make(this.of, first.value, data))
      .catch(() => null);
    return store ? this.open(store) : this.complain(first, this.sayNoRoom);
  }

  async unlock(form) {
    const { pin } = form.elements;
    const { store, left, until } = await DraftStore.unlock(this.of, pin.value);
    pin.value = "";
    if (until) {
      const time = new Date(until).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
      return this.complain(pin, this.sayPause.replace("{time}", time));
    }
    if (left) return this.complain(pin, this.sayWrong.replace("{left}", left));
    if (!store) return this.show("setup");
    this.complain(pin, "");
    const { data } = await this.fromOffice();
    if (data) {
      this.keep().catch(() => {}); // tried again at the next opening
      if (!data.open.length && !(await store.pending()).length) return this.end();
      await store.write(data);
    }
    return this.open(store);
  }

  // What the office has: {data}; {} when there is no way to it, or it does not know who asks.
  async fromOffice() {
    try {
      const response = await fetch(`${this.address}.json`, { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected || response.headers.get("X-User-Key") !== this.person) return {};
      const { token, ...data } = await response.json();
      this.token = token;
      return { data: { ...data, heard: Date.now() } };
    } catch {
      return {};
    }
  }

  keep() {
    const links = document.querySelectorAll("link[rel=stylesheet], link[rel=icon], link[rel=modulepreload]");
    const files = [this.feed, ...Array.from(links, (link) => link.href)];
    return keepPage(this.of, this.address, this.mark, files);
  }

  async open(store) {
    const { default: OfflineForm } = await import("./offline_form.js");
    this.show("open");
    await new OfflineForm(this.forms.open, store, this).begin();
  }

  async end() {
    await wipe(this.of, this.address);
    this.show("ended");
  }

  askToWipe() {
    this.root.querySelector("dialog").showModal();
  }

  async wipe() {
    await wipe(this.of, this.address);
    sessionStorage.setItem("biasa", "1");
    location.replace(this.form);
  }

  // An error below an input, as the server would draw it.
  complain(input, sentence) {
    const place = input.closest(".field");
    const id = `${input.id}-error`;
    const before = document.getElementById(id);
    if (before) before.remove();
    place.classList.toggle("is-error", Boolean(sentence));
    input.removeAttribute("aria-invalid");
    if (!sentence) return;
    const error = document.getElementById("contoh-galat").content.firstElementChild.cloneNode(true);
    error.id = id;
    error.setAttribute("role", "alert");
    place.append(error);
    error.querySelector("span").textContent = sentence;
    input.setAttribute("aria-invalid", "true");
    const others = (input.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== id);
    input.setAttribute("aria-describedby", [...others, id].join(" "));
    input.focus();
    input.select();
  }
}
