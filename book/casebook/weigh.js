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
    const input = make("input", { type: "range", min: 0, max: model.get("most"), step: 1, value: weights[row] });
    const output = make("output", {}, weights[row]);
    input.addEventListener("input", () => {
      weights[row] = Number(input.value);
      output.textContent = input.value;
      update();
      model.set("weights", [...weights]);
      model.save_changes();
    });
    return make("label", {}, make("span", {}, item), input, output);
  }

  const headers = ["Alternative", "Total", "Rank", "Bar"].map((text) => make("th", { scope: "col" }, text));
  const table = make("table", { className: "casebook-table" }, make("thead", {}, make("tr", {}, ...headers)), make("tbody"));
  const said = live("");

  function update() {
    const values = totals();
    const ranks = rank(values);
    const widest = Math.max(1, ...values);
    table.tBodies[0].replaceChildren(...alternatives.map((alternative, column) => make("tr", {},
      cell(alternative), cell(values[column]), cell(ranks[column]), cell(bar(values[column] / widest)))));
    const first = alternatives.filter((_, column) => ranks[column] === 1);
    said.textContent = `First: ${first.join(" and ")}, with ${values[ranks.indexOf(1)]}.`;
  }

  el.classList.add("casebook-weigh");
  el.append(make("fieldset", {}, make("legend", {}, model.get("legend")), ...items.map(slider)), table, said);
  update();
}

export default { render };
