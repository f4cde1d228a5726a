// Predictions against outcomes: the reader scores first; then the page shows the coded outcome and counts both.
// `tally` and `countsText` are the rule of predictions.py; a test compares the two.

export function tally(coded, scores, shown, outcomes) {
  const entries = Object.entries(coded);
  const seen = entries.filter(([id]) => shown.includes(id));
  const count = (values) => Object.fromEntries(Object.keys(outcomes).map((outcome) => [outcome, values.filter((value) => value === outcome).length]));
  return {
    scored: count(entries.map(([id]) => scores[id])),
    coded: count(seen.map(([, outcome]) => outcome)),
    shown: seen.length,
    agreed: seen.filter(([id, outcome]) => scores[id] === outcome).length,
  };
}

export function countsText(counts, outcomes) {
  return Object.entries(counts).filter(([, number]) => number).map(([outcome, number]) => `${number} ${outcomes[outcome]}`).join(", ") || "none";
}

function render({ model, el }) {
  const groups = model.get("groups");
  const outcomes = model.get("outcomes");
  const items = groups.flatMap((group) => group.items);
  const codedIn = ({ items: own }) => Object.fromEntries(own.map(({ id, outcome }) => [id, outcome]));
  const everything = codedIn({ items });
  const scores = { ...model.get("scores") };
  const seen = new Set(model.get("shown")); // once seen, a score stands
  const unfolded = new Set(seen);
  const shows = []; // one a part of the page: brings it in line with the state

  const state = make("strong");
  const change = make("span");
  const said = live("casebook-said", state, " ", change);

  function update(told) {
    const counted = tally(everything, scores, [...seen], outcomes);
    shows.forEach((show) => show());
    const agreement = counted.shown ? `you and the coding agree on ${counted.agreed} of ${counted.shown} shown` : "no coded outcome shown yet";
    state.textContent = `Scored ${Object.keys(scores).length} of ${items.length} predictions; ${agreement}.`;
    change.textContent = told;
  }

  function act(told) {
    update(told);
    model.set("scores", { ...scores });
    model.set("shown", [...seen]);
    model.save_changes();
  }

  function outcomeOf({ id, outcome, reason, other, rows, confidence, note }) {
    const verdict = make("p", {}, make("strong", {}, `Coded: ${outcomes[outcome]}.`), ` ${reason}`);
    shows.push(() => { verdict.hidden = !unfolded.has(id); });
    const facts = make("dl", {}, described("Where the coding could differ", other), described("Rows", ...(rows.length ? separated(rows.map(([row, page]) => rowLink({ id: row, page }))) : ["none"])), described("Confidence", confidence));
    if (note) facts.append(described("Note", note));
    shows.push(() => { facts.hidden = !unfolded.has(id); });
    return [verdict, facts];
  }

  function prediction(item) {
    const { id, statement, by, quote, quote_lang: language, would_fail_if: fails } = item;
    const select = menu([["", "not scored yet"], ...Object.entries(outcomes)]);
    select.addEventListener("change", () => {
      if (select.value) scores[id] = select.value;
      else delete scores[id];
      act(select.value ? `${id}: you say ${outcomes[select.value]}.` : `${id}: not scored.`);
    });
    const show = button("", () => {
      unfolded[unfolded.has(id) ? "delete" : "add"](id);
      seen.add(id);
      const compared = scores[id] === item.outcome ? "so does the coding" : `the coding says ${outcomes[item.outcome]}`;
      act(unfolded.has(id) ? `${id}: you said ${outcomes[scores[id]]}; ${compared}.` : `${id}: the coded outcome is folded away; your score stands.`);
    });
    shows.push(() => {
      select.value = scores[id] ?? "";
      select.disabled = seen.has(id);
      show.disabled = !scores[id];
      show.textContent = `${unfolded.has(id) ? "Hide" : "Show"} the coded outcome of ${id}`;
      show.setAttribute("aria-expanded", unfolded.has(id));
    });
    const words = quote ? [" In these words: ", quotation(quote, language)] : [];
    return make("li", {},
      make("p", {}, rowLink(item), ": ", make("strong", {}, statement)),
      make("p", {}, `${by}.`, ...words),
      make("p", {}, `What would make it fail: ${fails}`),
      make("label", {}, `Your score of ${id}`, select),
      show,
      ...outcomeOf(item));
  }

  function interpretation({ name, items: own }, place) {
    const scored = make("span");
    shows.push(() => { scored.textContent = `${own.filter(({ id }) => scores[id]).length} of ${own.length} scored`; });
    return make("details", { open: place === 0 }, make("summary", {}, make("strong", {}, name), ": ", scored), listOf("", ...own.map(prediction)));
  }

  function summary() {
    const table = tableOf("Your tally beside the coding, as far as shown", "Interpretation", "You say", "The coding says");
    shows.push(() => table.tBodies[0].replaceChildren(...groups.map((group) => {
      const counted = tally(codedIn(group), scores, [...seen], outcomes);
      const agreement = counted.shown ? `; you agree on ${counted.agreed} of ${counted.shown}` : "";
      return rowOf(group.name, cell(countsText(counted.scored, outcomes)), cell(countsText(counted.coded, outcomes) + agreement));
    })));
    return table;
  }

  const again = button("Start again", () => {
    Object.keys(scores).forEach((id) => delete scores[id]);
    [seen, unfolded].forEach((set) => set.clear());
    act("Every score is cleared, and every coded outcome is hidden again.");
  });
  el.classList.add("casebook-measuring", "casebook-predictions");
  el.append(said, ...groups.map(interpretation), summary(), make("p", {}, model.get("note")), make("div", { className: "casebook-buttons" }, again));
  update("Give a score first; then its button shows the coded outcome.");
}

export default { render };
