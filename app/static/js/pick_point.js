// Puts the point of a business on a map that is loaded when asked for: the cross stays in the middle, the map moves below it, by
// finger, arrow keys or a tap. What counts is what stands in the two inputs; they and the map follow each other.
export default class PickPoint {
  constructor(box) {
    this.box = box;
    this.words = box.dataset;
    this.fields = box.closest("[data-locate]");
    this.view = box.querySelector("[data-map-view]");
    this.status = box.querySelector("[data-map-status]");
    this.inputs = ["latitude", "longitude"].map((name) => this.fields.querySelector(`[name="${name}"]`));
    this.village = document.querySelector("[name=kode_kelurahan]");
    this.button = box.querySelector("[data-pick-open]");
    this.empty = box.querySelector("[data-pick-clear]");
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.open());
    this.empty.addEventListener("click", () => this.clear());
  }

  async open() {
    this.button.disabled = true;
    this.status.textContent = this.words.wait;
    try {
      const [base] = await Promise.all([import("./map_base.js"), this.dressed()]);
      this.view.hidden = false;
      const { map, places } = await base.baseMap(this.box, this.view);
      this.map = map;
      this.places = places;
      this.onEarth = base.onEarth;
      this.view.append(base.text("span", "", "map-cross"));
      this.button.hidden = true;
      this.empty.hidden = false;
      this.status.textContent = this.words.how;
      this.follow();
      map.on("click", ({ latlng }) => map.panTo(latlng));
      map.on("moveend", () => this.write());
      for (const input of this.inputs) input.addEventListener("input", () => this.follow());
      if (this.village) this.village.addEventListener("change", () => this.follow());
      this.view.focus({ preventScroll: true });
    } catch (fault) {
      this.button.disabled = false;
      this.view.hidden = true;
      this.status.textContent = this.words.failed;
      if (!(fault instanceof TypeError)) throw fault; // not the network
    }
  }

  // The styles of maps, once.
  dressed() {
    return new Promise((resolve, reject) => {
      const sheet = document.createElement("link");
      sheet.rel = "stylesheet";
      sheet.href = this.words.sheet;
      sheet.onload = resolve;
      sheet.onerror = () => reject(new TypeError("no styles"));
      document.head.append(sheet);
    });
  }

  typed() {
    const point = this.inputs.map((input) => Number(input.value.trim().replace("−", "-").replace(",", ".") || NaN));
    return point.every(Number.isFinite) && Math.abs(point[0]) <= 90 && Math.abs(point[1]) <= 180 ? point : null;
  }

  // The map goes to the point that stands in the inputs, else to the kelurahan.
  follow() {
    const area = this.places.areas && this.village && this.places.areas[this.village.value];
    const point = this.typed();
    if (!point && !area) return;
    const zoom = Math.max(this.map.getZoom(), point ? 16 : 15);
    this.led = true;
    this.map.setView(point || this.onEarth(this.places, area[1], area[2]), zoom, { animate: false });
    this.led = false;
  }

  write() {
    if (this.led) return;
    const { lat, lng } = this.map.getCenter();
    this.inputs[0].value = lat.toFixed(6);
    this.inputs[1].value = lng.toFixed(6);
    this.status.textContent = this.words.done.replace("{t}", `${lat.toFixed(5)}, ${lng.toFixed(5)}`);
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  clear() {
    for (const input of this.inputs) input.value = "";
    this.status.textContent = this.words.cleared;
  }
}
