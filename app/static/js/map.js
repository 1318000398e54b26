// The map of UKM: the server counts what lies in each square of what is seen; what stands alone is shown by name.
import { L, baseMap, text } from "./map_base.js";

const NAMED = 25; // businesses whose names are all written beside them

export default class EnterpriseMap {
  constructor(box) {
    this.box = box;
    this.words = box.dataset;
    this.view = box.querySelector("[data-map-view]");
    this.card = box.querySelector("[data-map-card]");
    this.status = box.querySelector("[data-map-status]");
    box.hidden = false;
    this.start();
  }

  async start() {
    try {
      const { map } = await baseMap(this.box, this.view);
      this.map = map;
      this.marks = L.layerGroup().addTo(map);
      const [zoom, lat, lng] = location.hash.slice(1).split("/").map(Number);
      if (lat && lng) map.setView([lat, lng], zoom, { animate: false });
      map.on("moveend", () => this.draw());
      await this.draw();
    } catch (fault) {
      this.status.textContent = this.words.failed;
      if (!(fault instanceof TypeError)) throw fault; // not the network
    }
  }

  async draw() {
    if (this.running) this.running.abort();
    this.running = new AbortController();
    const address = new URL(this.words.source, location.href);
    address.searchParams.set("kotak", this.squares().join(","));
    try {
      const answer = await fetch(address, { signal: this.running.signal });
      if (!answer.ok) throw new TypeError(answer.status);
      this.show(await answer.json());
    } catch (fault) {
      if (fault.name !== "AbortError") this.status.textContent = this.words.failed;
    }
    const { lat, lng } = this.map.getCenter();
    history.replaceState(history.state, "", `#${this.map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`);
  }

  // Squares of 64 pixels or more, as the server numbers them: level, left, top, right, bottom.
  squares() {
    const seen = this.map.getBounds();
    for (let level = Math.round(this.map.getZoom()) + 2; ; level--) {
      const per = 2 ** level / 360;
      const within = (number) => Math.max(0, Math.min(2 ** level - 1, Math.floor(number)));
      const [left, right] = [seen.getWest(), seen.getEast()].map((degrees) => within((degrees + 180) * per));
      const [top, bottom] = [seen.getNorth(), seen.getSouth()].map((degrees) => within((90 - degrees) * per));
      if ((right - left + 1) * (bottom - top + 1) <= 240) return [level, left, top, right, bottom];
    }
  }

  // What would cover each other becomes one, larger first; as near as a map can go, nothing does.
  apart(squares) {
    if (this.map.getZoom() >= this.map.getMaxZoom()) return squares;
    const shown = [];
    for (const square of squares.sort((a, b) => b.n - a.n)) {
      const at = this.map.latLngToContainerPoint(square.p);
      const wide = square.n > 1 ? 15 + 5 * number(square.n).length + (square.m ? 5 : 0) : 9;
      const near = shown.find((one) => Math.abs(one.at.x - at.x) < one.wide + wide && Math.abs(one.at.y - at.y) < 34);
      if (near) near.square = { p: near.square.p, n: near.square.n + square.n, m: near.square.m || square.m };
      else shown.push({ square, at, wide });
    }
    return shown.map(({ square }) => (square.n > 1000 ? { ...square, n: 1000, m: 1 } : square));
  }

  show(found) {
    const squares = this.apart(found);
    const had = this.view.contains(document.activeElement) && document.activeElement !== this.view;
    this.marks.clearLayers();
    this.card.hidden = true;
    this.view.classList.toggle("map-quiet", squares.filter((square) => square.u).length > NAMED);
    for (const square of squares) {
      const icon = L.divIcon({ className: "", iconSize: [0, 0], html: this.mark(square) });
      L.marker(square.p, { icon, interactive: false, keyboard: false }).addTo(this.marks);
    }
    const all = found.reduce((sum, square) => sum + square.n, 0);
    const count = number(all) + (found.some((square) => square.m) ? "+" : "");
    this.status.textContent = all ? this.words.seen.replace("{n}", count) : this.words.none;
    if (had) this.view.focus({ preventScroll: true }); // what had the focus is gone
  }

  mark(square) {
    const count = number(square.n) + (square.m ? "+" : "");
    if (square.n === 1 && square.u) return this.pin(square);
    const opens = square.l && !(square.u && !square.t);
    const mark = document.createElement(opens ? "a" : "button");
    mark.className = `map-mark${square.t ? " map-within" : ""}`;
    mark.append(text("span", count, `map-count${square.n > 99 ? " map-large" : ""}`));
    const words = square.t ? this.words.within : square.u ? this.words.here : this.words.more;
    mark.setAttribute("aria-label", words.replace("{n}", count).replace("{t}", square.t));
    mark.title = mark.getAttribute("aria-label");
    if (opens) mark.href = square.l;
    else mark.type = "button";
    L.DomEvent.disableClickPropagation(mark);
    if (!opens) mark.addEventListener("click", () => (square.u ? this.name(square) : this.approach(square)));
    return mark;
  }

  pin(square) {
    const [[name, address]] = square.u;
    const pin = document.createElement("a");
    pin.className = "map-mark map-pin";
    pin.href = address;
    pin.append(text("span", "", "map-dot"), text("span", name, "map-label"));
    L.DomEvent.disableClickPropagation(pin);
    return pin;
  }

  approach(square) {
    if (this.map.getZoom() >= this.map.getMaxZoom()) return this.part(square);
    this.map.setView(square.p, Math.min(this.map.getMaxZoom(), this.map.getZoom() + 2));
  }

  // As near as the map can go: what lies in one square, by name.
  async part({ p: [lat, lng] }) {
    const [level] = this.squares();
    const [column, row] = [lng + 180, 90 - lat].map((degrees) => Math.floor((degrees * 2 ** level) / 360) * 8);
    const address = new URL(this.words.source, location.href);
    address.searchParams.set("kotak", [level + 3, column, row, column + 7, row + 7].join(","));
    const answer = await fetch(address).catch(() => ({}));
    if (!answer.ok) this.status.textContent = this.words.failed;
    else this.name({ u: (await answer.json()).flatMap((square) => square.u || []) });
  }

  // Several on one point: their names below the map.
  name(square) {
    const list = document.createElement("ul");
    list.className = "links";
    list.setAttribute("role", "list");
    for (const [name, address] of square.u) {
      const item = document.createElement("li");
      const link = text("a", name);
      link.href = address;
      item.append(link);
      list.append(item);
    }
    this.card.replaceChildren(list);
    this.card.hidden = false;
    this.card.focus();
  }
}

function number(count) {
  return count.toLocaleString("id-ID");
}
