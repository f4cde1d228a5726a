// Thresholds to ratings, ratings and weights to a verdict, computed in the page by the rules of casebook/robustness.py.
export function rate(value, direction, strongAt, partialAt) {
  const reached = (threshold) => threshold !== null && (direction === "higher_is_stronger" ? value >= threshold : value <= threshold);
  if (reached(strongAt)) return "strong";
  return reached(partialAt) ? "partial" : "weak";
}

// Compared without a division, so that a mean on a cut-point has reached it here as there.
const wordFor = (total, count, lowestMeans) => lowestMeans.find(([, lowest]) => total >= lowest * count)[0];

export function judge(dimensions, chosen, weights, scales) {
  const rated = dimensions.map(({ indicators }) => {
    const ratings = indicators.map(({ id, value, direction, choices }) => {
      const { strong_at, partial_at } = choices[chosen[id]];
      return rate(value, direction, strong_at, partial_at);
    });
    const total = ratings.reduce((sum, rating) => sum + scales.scores[rating], 0);
    return { ratings, total, count: ratings.length, rating: wordFor(total, ratings.length, scales.rating_from) };
  });
  const common = rated.reduce((product, { count }) => product * count, 1);
  const total = rated.reduce((sum, own, place) => sum + weights[place] * own.total * (common / own.count), 0);
  const count = common * weights.reduce((sum, weight) => sum + weight, 0);
  return { rated, mean: count ? total / count : null, verdict: count ? wordFor(total, count, scales.verdict_from) : null };
}

const make = (tag, text = "", properties = {}) => Object.assign(document.createElement(tag), { textContent: text }, properties);
const sentence = (text) => text[0].toUpperCase() + text.slice(1) + ".";
const cutPoints = (lowestMeans) => lowestMeans.map(([word, lowest]) => `${word} from ${lowest}`).join(", ");

function tableOf(caption, ...headers) {
  const table = make("table", "", { className: "casebook-table" });
  table.createCaption().textContent = caption;
  table.createTHead().insertRow().append(...headers.map((text) => make("th", text, { scope: "col" })));
  table.createTBody();
  return table;
}

function addRow(table, header, ...texts) {
  const row = table.tBodies[0].insertRow();
  row.append(make("th", header, { scope: "row" }), ...texts.map((text) => make("td", text)));
  return row;
}

function spreadTable(model) {
  const table = tableOf(`Verdicts over all ${model.get("combinations").toLocaleString("en")} combinations of thresholds, each dimension counted once`, "Verdict", "Share of combinations");
  model.get("spread").forEach(([verdict, share, part]) => {
    const bar = make("div", "", { className: "casebook-bar" });
    bar.style.width = `${100 * part}%`;
    addRow(table, verdict, share).lastChild.append(bar);
  });
  return table;
}

let views = 0; // ids stay apart when one page shows the bench twice

function render({ model, el }) {
  const dimensions = model.get("dimensions");
  const scales = model.get("scales");
  const chosen = { ...model.get("chosen") };
  const weights = [...model.get("weights")];
  const prefix = `casebook-bench-${++views}`;
  const shown = []; // one a control or text: brings it in line with the state

  const said = make("p", "", { className: "casebook-said" });
  said.setAttribute("aria-live", "polite");
  said.setAttribute("aria-atomic", "true");
  const outcome = make("strong");
  const reason = make("span");
  said.append(outcome, " ", reason);
  const results = tableOf("Ratings with your choices", "Dimension", "Mean, 0 to 2", "Rating");

  // `told` puts the reader's last change, and what became of it, into words.
  function update(told) {
    const judged = judge(dimensions, chosen, weights, scales);
    shown.forEach((show) => show(judged));
    results.tBodies[0].replaceChildren();
    judged.rated.forEach(({ total, count, rating }, place) => addRow(results, dimensions[place].name, (total / count).toFixed(2), rating));
    addRow(results, "Verdict", judged.verdict ? judged.mean.toFixed(2) : "", judged.verdict ?? "none");
    outcome.textContent = judged.verdict
      ? `Verdict on the ${model.get("organisation")}: ${judged.verdict}, ${judged.mean.toFixed(2)} on a scale from 0 to 2.`
      : "Every weight is 0: give at least one dimension a weight above 0.";
    reason.textContent = told(judged);
  }

  function change(told) {
    update(told);
    model.set("chosen", { ...chosen });
    model.set("weights", [...weights]);
    model.save_changes();
  }

  function thresholdChoice(indicator, place, position) {
    const { id, label, question, measure, finding, choices } = indicator;
    const select = make("select");
    select.append(...Object.entries(scales.choices).map(([choice, words]) => make("option", words, { value: choice })));
    select.addEventListener("change", () => {
      chosen[id] = select.value;
      change(({ rated }) => `${label}: ${rated[place].ratings[position]}. ${dimensions[place].name}: ${rated[place].rating}.`);
    });
    const field = make("label", question);
    field.append(select);
    const facts = make("p", "", { id: `${prefix}-${id}` });
    const why = make("p");
    select.setAttribute("aria-describedby", facts.id);
    shown.push(({ rated }) => {
      const choice = choices[chosen[id]];
      select.value = chosen[id];
      facts.textContent = `Value: ${finding}. ${sentence(choice.words)} Rating: ${rated[place].ratings[position]}.`;
      why.textContent = `Why: ${choice.reason}`;
    });
    return [field, facts, why, make("p", `Measure: ${measure}.`)];
  }

  function weightSlider(name, place) {
    const label = make("label", "Weight");
    const input = make("input", "", { type: "range", min: 0, max: model.get("most"), step: 1 });
    const number = make("span");
    input.addEventListener("input", () => {
      weights[place] = Number(input.value);
      change(() => `${name}: weight ${input.value}.`);
    });
    shown.push(() => {
      input.value = weights[place];
      number.textContent = weights[place];
    });
    label.append(input, number);
    return label;
  }

  function dimensionGroup({ name, indicators }, place) {
    const rating = make("strong");
    const weight = make("span");
    shown.push(({ rated }) => {
      rating.textContent = rated[place].rating;
      weight.textContent = `, weight\u00a0${weights[place]}`;
    });
    const summary = make("summary", `${name}: `);
    summary.append(rating, weight);
    const fields = make("fieldset");
    fields.append(make("legend", name), ...indicators.flatMap((indicator, position) => thresholdChoice(indicator, place, position)), weightSlider(name, place));
    const group = make("details", "", { open: place === 0 });
    group.append(summary, fields);
    return group;
  }

  function button(text, act) {
    const made = make("button", text, { type: "button" });
    made.addEventListener("click", () => { act(); change(() => `${text}.`); });
    return made;
  }

  const buttons = make("div", "", { className: "casebook-buttons" });
  buttons.append(
    ...Object.entries(scales.choices).map(([choice, words]) => button(choice === "as_coded" ? sentence(words).slice(0, -1) : `All ${words}`, () => Object.keys(chosen).forEach((id) => { chosen[id] = choice; }))),
    button("Equal weights", () => weights.fill(1)),
  );
  const groups = make("div");
  groups.append(...dimensions.map(dimensionGroup));
  const outcomes = make("div");
  outcomes.append(
    results,
    spreadTable(model),
    make("p", `The same whatever thresholds are chosen: ${model.get("steady").join(", ") || "no rating"}.`),
    make("p", `Blank, since no evidence can be rated: ${model.get("blanks").join(", ") || "nothing"}.`),
    make("p", "Every combination counts the same: a share is no probability."),
    make("p", `Module coding: the thresholds, the weights and the cut-points of the mean (a dimension is ${cutPoints(scales.rating_from)}; the verdict is ${cutPoints(scales.verdict_from)}).`),
  );
  const columns = make("div", "", { className: "casebook-columns" });
  columns.append(groups, outcomes);
  el.classList.add("casebook-measuring");
  el.append(buttons, said, columns);
  update(() => "All thresholds as coded, every weight 1.");
}

export default { render };
