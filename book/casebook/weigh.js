// Weights times codes, computed in the page: totals, ranks and a sentence for those who do not see the bars.
function render({ model, el }) {
  const items = model.get("items");
  const alternatives = model.get("alternatives");
  const codes = model.get("codes");
  const weights = [...model.get("weights")];
  const lowerIsBetter = model.get("lower_is_better");

  const totals = () => alternatives.map((_, column) => items.reduce((sum, _item, row) => sum + weights[row] * codes[row][column], 0));
  const rank = (values) => values.map((value) => 1 + values.filter((other) => (lowerIsBetter ? other < value : other > value)).length);

  function slider(item, row) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "range", min: 0, max: model.get("most"), step: 1, value: weights[row] });
    const output = Object.assign(document.createElement("output"), { textContent: weights[row] });
    input.addEventListener("input", () => {
      weights[row] = Number(input.value);
      output.textContent = input.value;
      update();
      model.set("weights", [...weights]);
      model.save_changes();
    });
    label.append(Object.assign(document.createElement("span"), { textContent: item }), input, output);
    return label;
  }

  const table = document.createElement("table");
  table.className = "casebook-table";
  const said = document.createElement("p");
  said.setAttribute("aria-live", "polite");

  function update() {
    const values = totals();
    const ranks = rank(values);
    const widest = Math.max(1, ...values);
    table.innerHTML = "<thead><tr><th scope='col'>Alternative</th><th scope='col'>Total</th><th scope='col'>Rank</th><th scope='col'>Bar</th></tr></thead>";
    const body = table.createTBody();
    alternatives.forEach((alternative, column) => {
      const row = body.insertRow();
      [alternative, values[column], ranks[column]].forEach((text) => { row.insertCell().textContent = text; });
      const bar = document.createElement("div");
      bar.className = "casebook-bar";
      bar.style.width = `${(100 * values[column]) / widest}%`;
      row.insertCell().append(bar);
    });
    const first = alternatives.filter((_, column) => ranks[column] === 1);
    said.textContent = `First: ${first.join(" and ")}, with ${values[ranks.indexOf(1)]}.`;
  }

  const sliders = document.createElement("fieldset");
  sliders.append(Object.assign(document.createElement("legend"), { textContent: model.get("legend") }), ...items.map(slider));
  el.classList.add("casebook-weigh");
  el.append(sliders, table, said);
  update();
}

export default { render };
