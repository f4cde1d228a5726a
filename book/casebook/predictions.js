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

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// Where the page has a bibliography beside it, a row is a link; in a notebook it is its id.
function rowLink([id, page]) {
  const shelf = document.querySelector('a[href$="bibliography.html"]');
  const address = shelf && page && new URL(`${page}.html#${id.toLowerCase()}`, shelf.href).href;
  return address ? make("a", { href: address, textContent: id }) : make("span", { textContent: id });
}

function described(term, ...text) {
  return make("div", {}, make("dt", { textContent: term }), make("dd", {}, ...text));
}

function list(rows) {
  return rows.flatMap((row, place) => (place ? [", ", rowLink(row)] : [rowLink(row)]));
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
  const said = make("p", { className: "casebook-said" }, state, " ", change);
  said.setAttribute("aria-live", "polite");
  said.setAttribute("aria-atomic", "true");

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
    const verdict = make("p", {}, make("strong", { textContent: `Coded: ${outcomes[outcome]}.` }), ` ${reason}`);
    shows.push(() => { verdict.hidden = !unfolded.has(id); });
    const facts = make("dl", {}, described("Where the coding could differ", other), described("Rows", ...(rows.length ? list(rows) : ["none"])), described("Confidence", confidence));
    if (note) facts.append(described("Note", note));
    shows.push(() => { facts.hidden = !unfolded.has(id); });
    return [verdict, facts];
  }

  function prediction(item) {
    const { id, page, statement, by, quote, quote_lang: language, would_fail_if: fails } = item;
    const select = make("select", {}, make("option", { value: "", textContent: "not scored yet" }), ...Object.entries(outcomes).map(([outcome, words]) => make("option", { value: outcome, textContent: words })));
    const button = make("button", { type: "button" });
    select.addEventListener("change", () => {
      if (select.value) scores[id] = select.value;
      else delete scores[id];
      act(select.value ? `${id}: you say ${outcomes[select.value]}.` : `${id}: not scored.`);
    });
    button.addEventListener("click", () => {
      unfolded[unfolded.has(id) ? "delete" : "add"](id);
      seen.add(id);
      const compared = scores[id] === item.outcome ? "so does the coding" : `the coding says ${outcomes[item.outcome]}`;
      act(unfolded.has(id) ? `${id}: you said ${outcomes[scores[id]]}; ${compared}.` : `${id}: the coded outcome is folded away; your score stands.`);
    });
    shows.push(() => {
      select.value = scores[id] ?? "";
      select.disabled = seen.has(id);
      button.disabled = !scores[id];
      button.textContent = `${unfolded.has(id) ? "Hide" : "Show"} the coded outcome of ${id}`;
      button.setAttribute("aria-expanded", unfolded.has(id));
    });
    const words = quote ? [" In these words: ", make("q", { lang: language, textContent: quote })] : [];
    return make("li", {},
      make("p", {}, rowLink([id, page]), ": ", make("strong", { textContent: statement })),
      make("p", {}, `${by}.`, ...words),
      make("p", { textContent: `What would make it fail: ${fails}` }),
      make("label", {}, `Your score of ${id}`, select),
      button,
      ...outcomeOf(item));
  }

  function interpretation({ name, items: own }, place) {
    const scored = make("span");
    shows.push(() => { scored.textContent = `${own.filter(({ id }) => scores[id]).length} of ${own.length} scored`; });
    const predictions = make("ol", {}, ...own.map(prediction));
    predictions.setAttribute("role", "list"); // some browsers take a list without numbers for no list
    return make("details", { open: place === 0 }, make("summary", {}, make("strong", { textContent: name }), ": ", scored), predictions);
  }

  function summary() {
    const table = make("table", { className: "casebook-table" });
    table.createCaption().textContent = "Your tally beside the coding, as far as shown";
    table.createTHead().insertRow().append(...["Interpretation", "You say", "The coding says"].map((textContent) => make("th", { textContent, scope: "col" })));
    const body = table.createTBody();
    shows.push(() => body.replaceChildren(...groups.map((group) => {
      const counted = tally(codedIn(group), scores, [...seen], outcomes);
      const agreement = counted.shown ? `; you agree on ${counted.agreed} of ${counted.shown}` : "";
      const cells = [countsText(counted.scored, outcomes), countsText(counted.coded, outcomes) + agreement];
      return make("tr", {}, make("th", { textContent: group.name, scope: "row" }), ...cells.map((textContent) => make("td", { textContent })));
    })));
    return table;
  }

  const again = make("button", { type: "button", textContent: "Start again" });
  again.addEventListener("click", () => {
    Object.keys(scores).forEach((id) => delete scores[id]);
    [seen, unfolded].forEach((set) => set.clear());
    act("Every score is cleared, and every coded outcome is hidden again.");
  });
  el.classList.add("casebook-measuring", "casebook-predictions");
  el.append(said, ...groups.map(interpretation), summary(), make("p", { textContent: model.get("note") }), make("div", { className: "casebook-buttons" }, again));
  update("Give a score first; then its button shows the coded outcome.");
}

export default { render };
