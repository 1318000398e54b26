// A map on the outlines that the site ships, and on the office's tiles where it has a server for them. Loaded by map pages only.
import "../vendor/leaflet/leaflet.js";

export const L = window.L;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

// box: data-bounds, data-lines, data-tiles, data-credit and words; view: the empty element for the map.
export async function baseMap(box, view, options = {}) {
  const { bounds, lines, tiles, credit, title } = box.dataset;
  const [south, west, north, east] = bounds.split(",").map(Number);
  const map = L.map(view, {
    zoomControl: false, attributionControl: false, minZoom: 4, maxZoom: 19, zoomSnap: tiles ? 1 : 0.5,
    fadeAnimation: false, zoomAnimation: !still, inertia: !still, markerZoomAnimation: !still,
    keyboardPanDelta: 60, scrollWheelZoom: false, ...options,
  });
  view.setAttribute("role", "application");
  view.setAttribute("aria-label", title);
  map.on("focus", () => map.scrollWheelZoom.enable()); // a wheel that only passes by scrolls the page
  map.on("blur", () => map.scrollWheelZoom.disable());
  L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out }).addTo(map);
  map.fitBounds([[south, west], [north, east]], { animate: false });
  if (tiles) {
    view.classList.add("map-tiled");
    L.tileLayer(tiles, { maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin" }).addTo(map);
  }
  const told = L.control.attribution({ prefix: '<a href="https://leafletjs.com">Leaflet</a>' }).addTo(map);
  if (credit) told.addAttribution(credit.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)); // Leaflet takes markup
  const places = lines ? await fetch(lines).then((answer) => answer.json()) : {};
  if (places.areas) drawLines(map, places);
  return { map, places };
}

// Units of an outline, from the corner (west, north), as degrees.
export function onEarth(places, x, y) {
  return [places.north - y / places.per_degree[1], places.west + x / places.per_degree[0]];
}

function drawLines(map, places) {
  const names = L.layerGroup();
  for (const [code, [path, x, y, , name]] of Object.entries(places.areas)) {
    const rings = path.split("z").filter(Boolean).map((ring) => ringOf(places, ring));
    const className = `map-land map-land-${Number(code.slice(6, 8)) % 2}`;
    L.polygon(rings, { className, interactive: false, smoothFactor: 0.5 }).addTo(map);
    const icon = L.divIcon({ className: "map-name", iconSize: null, html: text("span", name) });
    L.marker(onEarth(places, x, y), { icon, interactive: false, keyboard: false }).addTo(names);
  }
  const show = () => (map.getZoom() > 13 ? names.addTo(map) : names.remove());
  map.on("zoomend", show);
  show();
}

// "M10 20l3-4 5 6" → points on earth.
function ringOf(places, ring) {
  const [x, y, ...steps] = ring.match(/-?\d+/g).map(Number);
  const points = [[x, y]];
  for (let i = 0; i < steps.length; i += 2) {
    const [before, above] = points[points.length - 1];
    points.push([before + steps[i], above + steps[i + 1]]);
  }
  return points.map(([across, down]) => onEarth(places, across, down));
}

export function text(tag, words, className = "") {
  const made = document.createElement(tag);
  made.textContent = words;
  if (className) made.className = className;
  return made;
}
