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

const cutPoints = (lowestMeans) => lowestMeans.map(([word, lowest]) => `${word} from ${lowest}`).join(", ");

function spreadTable(model) {
  const table = tableOf(`Verdicts over all ${model.get("combinations").toLocaleString("en")} combinations of thresholds, each dimension counted once`, "Verdict", "Share of combinations");
  table.tBodies[0].append(...model.get("spread").map(([verdict, share, part]) => rowOf(verdict, cell(share, bar(part)))));
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

  const outcome = make("strong");
  const reason = make("span");
  const said = live("casebook-said", outcome, " ", reason);
  const results = tableOf("Ratings with your choices", "Dimension", "Mean, 0 to 2", "Rating");

  // `told` puts the reader's last change, and what became of it, into words.
  function update(told) {
    const judged = judge(dimensions, chosen, weights, scales);
    shown.forEach((show) => show(judged));
    results.tBodies[0].replaceChildren(
      ...judged.rated.map(({ total, count, rating }, place) => rowOf(dimensions[place].name, cell((total / count).toFixed(2)), cell(rating))),
      rowOf("Verdict", cell(judged.verdict ? judged.mean.toFixed(2) : ""), cell(judged.verdict ?? "none")),
    );
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
    const select = menu(Object.entries(scales.choices));
    select.addEventListener("change", () => {
      chosen[id] = select.value;
      change(({ rated }) => `${label}: ${rated[place].ratings[position]}. ${dimensions[place].name}: ${rated[place].rating}.`);
    });
    const facts = make("p", { id: `${prefix}-${id}` });
    const why = make("p");
    select.setAttribute("aria-describedby", facts.id);
    shown.push(({ rated }) => {
      const choice = choices[chosen[id]];
      select.value = chosen[id];
      facts.textContent = `Value: ${finding}. ${sentenceCase(choice.words)}. Rating: ${rated[place].ratings[position]}.`;
      why.textContent = `Why: ${choice.reason}`;
    });
    return [labelled(question, select), facts, why, make("p", {}, `Measure: ${measure}.`)];
  }

  function weightSlider(name, place) {
    const input = make("input", { type: "range", min: 0, max: model.get("most"), step: 1 });
    const number = make("span");
    input.addEventListener("input", () => {
      weights[place] = Number(input.value);
      change(() => `${name}: weight ${input.value}.`);
    });
    shown.push(() => {
      input.value = weights[place];
      number.textContent = weights[place];
    });
    return make("label", {}, "Weight", input, number);
  }

  function dimensionGroup({ name, indicators }, place) {
    const rating = make("strong");
    const weight = make("span");
    shown.push(({ rated }) => {
      rating.textContent = rated[place].rating;
      weight.textContent = `, weight\u00a0${weights[place]}`;
    });
    const choices = indicators.flatMap((indicator, position) => thresholdChoice(indicator, place, position));
    return make("details", { open: place === 0 },
      make("summary", {}, `${name}: `, rating, weight),
      make("fieldset", {}, make("legend", {}, name), ...choices, weightSlider(name, place)));
  }

  const all = (text, act) => button(text, () => { act(); change(() => `${text}.`); });
  const buttons = make("div", { className: "casebook-buttons" },
    ...Object.entries(scales.choices).map(([choice, words]) => all(choice === "as_coded" ? sentenceCase(words) : `All ${words}`, () => Object.keys(chosen).forEach((id) => { chosen[id] = choice; }))),
    all("Equal weights", () => weights.fill(1)),
  );
  const outcomes = make("div", {},
    results,
    spreadTable(model),
    make("p", {}, `The same whatever thresholds are chosen: ${model.get("steady").join(", ") || "no rating"}.`),
    make("p", {}, `Blank, since no evidence can be rated: ${model.get("blanks").join(", ") || "nothing"}.`),
    make("p", {}, "Every combination counts the same: a share is no probability."),
    make("p", {}, `Module coding: the thresholds, the weights and the cut-points of the mean (a dimension is ${cutPoints(scales.rating_from)}; the verdict is ${cutPoints(scales.verdict_from)}).`),
  );
  el.classList.add("casebook-measuring");
  el.append(buttons, said, make("div", { className: "casebook-columns" }, make("div", {}, ...dimensions.map(dimensionGroup)), outcomes));
  update(() => "All thresholds as coded, every weight 1.");
}

export default { render };
