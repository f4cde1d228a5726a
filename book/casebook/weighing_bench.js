// The weighing bench; the rule is that of `hypotheses.js`.
let benches = 0; // names stay apart when one page shows the bench twice

function render({ model, el }) {
  const [family, items, hypotheses, form] = ["family", "items", "hypotheses", "form"].map((name) => model.get(name));
  const words = new Map(model.get("words"));
  const ids = hypotheses.map(({ id }) => id);
  const coded = model.get("coded");
  let coding = structuredClone(model.get("coding"));
  const prefix = `casebook-weighing-${++benches}`;
  const shown = []; // one a control or text: brings it in line with the coding

  const outcome = make("strong");
  const reason = make("span");
  const said = live("casebook-said", outcome, " ", reason);
  const results = tableOf("Scores with your weights and codes; the lower, the less evidence against", "Hypothesis", "Score", "Rank");
  const most = make("p");

  // `told` puts the reader's last change into words.
  function update(told) {
    const weighed = weigh(coding, items, ids);
    const widest = Math.max(1, ...weighed.scores);
    const first = ids.filter((_, place) => weighed.ranks[place] === 1);
    shown.forEach((show) => show());
    results.tBodies[0].replaceChildren(...hypotheses.map(({ id, title }, place) => {
      const row = rowOf(`${id} ${title}`, cell(numberText(weighed.scores[place])), cell(weighed.ranks[place]));
      row.cells[0].append(bar(weighed.scores[place] / widest));
      return row;
    }));
    outcome.textContent = `Least against: ${listed(first)}, score ${numberText(Math.min(...weighed.scores))}.`;
    reason.textContent = told;
    most.textContent = mattersMost(weighed);
  }

  function mattersMost({ mattersMost: found, pairs: count }) {
    if (!found.length) return "No single item matters: none moves a gap between two hypotheses.";
    const [{ changed, moved }] = found;
    const names = found.map(({ id }) => `${id} (${items.find((item) => item.id === id).title})`);
    const effect = changed ? `${changed} of ${count} pairs of hypotheses change their order` : "no pair of hypotheses changes its order";
    return `What matters most: ${listed(names)}. Without ${found.length > 1 ? "any one of them" : "it"}, ${effect}, and a gap between two moves by ${numberText(moved)}.`;
  }

  function change(told) {
    update(told);
    model.set("coding", structuredClone(coding));
    model.save_changes();
  }

  function slider(name, line, key, told) {
    const values = form.find(([own]) => own === line)[1].find(([own]) => own === key)[1];
    const input = make("input", { type: "range", min: 0, max: values.length - 1, step: 1 });
    const number = make("span");
    input.addEventListener("input", () => {
      coding[line][key] = values[input.value];
      change(told(coding[line][key]));
    });
    shown.push(() => {
      const value = coding[line][key];
      input.value = values.indexOf(value);
      input.setAttribute("aria-valuetext", value);
      number.textContent = value;
    });
    return make("label", {}, name, input, number);
  }

  function codeChoice({ id, reasons, alternatives }, { id: name, title }) {
    const select = menu([...words]);
    const why = make("p", { id: `${prefix}-${id}-${name}` }, `As coded: ${words.get(coded[id][name])}. ${reasons[name]}`);
    if (alternatives[name]) why.append(` Contested: a reasonable coder may say ${words.get(alternatives[name])}.`);
    select.setAttribute("aria-describedby", why.id);
    select.addEventListener("change", () => {
      coding[id][name] = select.value;
      const { scores, ranks } = weigh(coding, items, ids);
      const place = ids.indexOf(name);
      change(`${id} and ${name}: ${words.get(select.value)}. ${name} has score ${numberText(scores[place])}, rank ${ranks[place]}.`);
    });
    shown.push(() => { select.value = coding[id][name]; });
    return [labelled(`${name} ${title}`, select), why];
  }

  function itemFold(item) {
    const { id, title, description, kinds } = item;
    const weight = make("strong");
    const own = make("span");
    shown.push(() => {
      weight.textContent = `weight\u00a0${numberText(weightOf(coding, item))}`;
      own.textContent = ids.some((name) => coding[id][name] !== coded[id][name]) ? ", recoded" : "";
    });
    const fields = make("fieldset", {},
      make("legend", {}, `${id} ${title}`),
      make("p", {}, description),
      ...(kinds.length ? [make("p", {}, `Kinds of source: ${kinds.join(", ")}.`)] : []),
      ...["credibility", "relevance"].map((key) => slider(sentenceCase(key), id, key, (value) => `${id}: ${key} ${value}, weight ${numberText(weightOf(coding, item))}.`)),
      ...hypotheses.flatMap((hypothesis) => codeChoice(item, hypothesis)),
    );
    const summary = make("summary", {}, `${id} ${title}: `, weight, own);
    const made = make("details", { name: `${prefix}-items` }, summary, fields); // one open at a time
    // Another that folds above would push this one out of sight.
    made.addEventListener("toggle", () => { if (made.open) summary.scrollIntoView({ block: "nearest" }); });
    return made;
  }

  function kindsFold() {
    const kinds = form.find(([name]) => name === "Sources")?.[1] ?? [];
    if (!kinds.length) return [];
    const note = make("p", {}, "The weight of an item is multiplied by the mean over the kinds of source behind it. 1 is as coded, and 0 counts a kind for nothing.");
    const sliders = kinds.map(([kind]) => slider(sentenceCase(kind), "Sources", kind, (value) => `Sources, ${kind}: times ${value}.`));
    return [make("details", {}, make("summary", {}, "Kinds of source"), make("fieldset", {}, make("legend", {}, "Multiplier of each kind of source"), note, ...sliders))];
  }

  function textFold() {
    const text = make("textarea", { rows: 6, spellcheck: false });
    text.addEventListener("input", () => update("The field has changed. It counts once you apply it."));
    const write = button("Write my coding", () => {
      text.value = writeCoding(coding, family, form);
      update("Your coding stands in the field, ready to copy.");
    });
    const copy = button("Copy the field", () => {
      const told = (sentence) => () => update(sentence);
      const refused = told("The browser does not let the page copy. Mark the text in the field and copy it by hand.");
      if (navigator.clipboard) navigator.clipboard.writeText(text.value).then(told("The text is copied."), refused);
      else refused();
    });
    const apply = button("Apply the field", () => {
      try {
        coding = readCoding(text.value, family, form);
      } catch (mistake) {
        update(`Nothing has changed. ${mistake.message}`);
        return;
      }
      change("The coding in the field is applied.");
    });
    return make("details", {}, make("summary", {}, "Your coding as text"),
      make("p", {}, "Write it, copy it, send it; paste one you were sent, and apply it. A line that begins with # is a note."),
      labelled("Text of a coding", text),
      make("div", { className: "casebook-buttons" }, write, copy, apply));
  }

  const flip = () => {
    coding = structuredClone(coded);
    items.forEach(({ id, alternatives }) => Object.assign(coding[id], alternatives));
    change("Every contested code takes its alternative; weights are as coded.");
  };
  el.classList.add("casebook-measuring");
  el.append(
    make("div", { className: "casebook-buttons" },
      button("As coded", () => { coding = structuredClone(coded); change("Back to the codes and weights of the module."); }),
      button("Flip all contested codes", flip)),
    said,
    results, most,
    make("p", {}, "All codes and weights are module coding. Hypotheses overlap, and a score is no probability. A low score can also mean that a hypothesis is hard to refute."),
    ...items.map(itemFold), ...kindsFold(), textFold(),
  );
  update("Codes and weights are those of the module.");
}

export default { render };
