// The cross-examiner; the rule is that of `hypotheses.js`.
export function separating(items, one, other) {
  return items
    .map((item) => ({ ...item, strength: strength(item.codes[one], item.codes[other], item.weight) }))
    .filter((item) => item.strength > 0)
    .sort((first, second) => second.strength - first.strength); // stable: equals stay in the order of the table
}

function render({ model, el }) {
  const [hypotheses, items, words] = ["hypotheses", "items", "words"].map((name) => model.get(name));
  const pair = [...model.get("pair")];
  const menus = pair.map((id) => {
    const select = menu(hypotheses.map((own) => [own.id, `${own.id} ${own.title}`]));
    select.value = id;
    return select;
  });
  const said = live("casebook-said");
  const evidence = make("div");

  function update() {
    const [one, other] = pair;
    const found = separating(items, one, other);
    const alike = items.filter((item) => !found.some(({ id }) => id === item.id));
    said.textContent = found.length
      ? `${found.length} of ${items.length} items separate ${one} and ${other}. Strongest: ${listed(found.filter((item) => item.strength === found[0].strength).map(({ id, title }) => `${id} (${title})`))}.`
      : `No item separates ${one} and ${other}: every one has the same code for both.`;
    evidence.replaceChildren(
      ...found.map(({ id, title, description, weight_words: weight, codes, reasons, contested }) => make("details", {},
        make("summary", {}, `${id} ${title}: ${[one, other].map((name) => `${name} ${words[codes[name]]}`).join(", ")}`),
        make("p", {}, description),
        ...[one, other].map((name) => make("p", {}, `${name}, ${words[codes[name]]}${contested.includes(name) ? " (contested)" : ""}: ${reasons[name]}`)),
        make("p", {}, `${sentenceCase(weight)}.`),
      )),
      make("p", {}, alike.length ? `The same code for both: ${alike.map(({ id, title }) => `${id} (${title})`).join("; ")}.` : "No item has the same code for both."),
      make("p", {}, make("strong", {}, "What would separate them if it were known")),
      ...pair.flatMap((name) => {
        const { predicts, counts_against: against } = hypotheses.find(({ id }) => id === name);
        return [make("p", {}, `If ${name} is right, we should find: ${predicts}.`), make("p", {}, `What would weaken ${name}: ${against}.`)];
      }),
    );
  }

  menus.forEach((select, place) => select.addEventListener("change", () => {
    if (select.value === pair[1 - place]) menus[1 - place].value = pair[1 - place] = pair[place]; // the two change places
    pair[place] = select.value;
    update();
    model.set("pair", [...pair]);
    model.save_changes();
  }));
  el.classList.add("casebook-measuring");
  el.append(
    make("div", { className: "casebook-controls" }, labelled("One hypothesis", menus[0]), labelled("Another hypothesis", menus[1])),
    said, evidence,
    make("p", {}, "All codes and weights are module coding. Strength is the number of steps between the two codes times the weight. Support counts here; it does not enter the scores."),
  );
  update();
}

export default { render };
