// Choosing a kelurahan shows its kecamatan: the options are grouped by it. data-place is the id of what shows it.
export default class Place {
  constructor(select) {
    this.select = select;
    this.shown = document.getElementById(select.dataset.place);
    if (!this.shown) return;
    select.addEventListener("change", () => this.update());
    this.update();
  }

  update() {
    const [option] = this.select.selectedOptions;
    const group = option && option.closest("optgroup");
    this.shown.value = group ? group.label : "";
  }
}
