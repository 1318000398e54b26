// On a desk the filters stand open; the stylesheet does it where the browser can, this where it cannot.
export default class Facets {
  constructor(details) {
    const able = window.CSS && CSS.supports && CSS.supports("selector(::details-content)");
    if (!able && window.matchMedia("(min-width: 62em)").matches) details.open = true;
  }
}
