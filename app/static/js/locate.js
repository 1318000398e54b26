// Fills in latitude and longitude from the phone's own location, when the owner presses the button and permits it. What stands
// in the two inputs is all that is sent; a map to tap on may fill in the same two.
export default class Locate {
  constructor(root) {
    this.root = root;
    this.button = root.querySelector("[data-locate-button]");
    this.status = root.querySelector("[data-locate-status]");
    if (!this.button || !("geolocation" in navigator)) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.ask());
  }

  ask() {
    this.say("wait");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        for (const name of ["latitude", "longitude"]) {
          const input = this.root.querySelector(`[name="${name}"]`);
          input.value = coords[name].toFixed(6);
          input.dispatchEvent(new Event("input", { bubbles: true }));
        }
        const details = this.root.querySelector("details");
        if (details) details.open = true; // what will be sent is seen
        this.say("done");
      },
      () => this.say("failed"),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  }

  say(what) {
    this.status.textContent = this.button.dataset[what];
  }
}
