// On the ordinary form: leads to the one that works without a network, where that was set up on this device, and offers it
// elsewhere. On plain http browsers allow no such thing; then it says so. On the page of the receipt: clears up.
export default class Offline {
  constructor(place) {
    this.place = place;
    this.of = place.dataset.offline;
    const able = window.isSecureContext && navigator.serviceWorker && crypto.subtle;
    for (const part of place.children) part.hidden = part.dataset.able !== String(Boolean(able));
    if (able && localStorage.getItem(`luring ${this.of}`)) this.go();
  }

  async go() {
    const { dataset } = this.place;
    const home = await import("./offline_home.js");
    if (dataset.sent !== undefined) await home.clear(this.of);
    else if (!(await home.isHere(this.of))) localStorage.removeItem(`luring ${this.of}`);
    else if (!sessionStorage.getItem("biasa")) location.replace(`${dataset.address}${location.search}${location.hash}`);
  }
}
