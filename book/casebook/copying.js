// The copying-chain explorer: the way of one figure through texts, one step after the other.
export function said(chain, step, labels) {
  const link = chain.links[step - 1];
  const head = `Step ${step} of ${chain.links.length}, ${link.when}, ${link.speaker}: ${link.says}`;
  if (link.copying === "first") return `${head} ${link.change}`;
  const from = link.copied_from ? `, from step ${link.copied_from}` : "";
  return `${head} Changed: ${labels.changed[link.changed]}. ${link.change} Link: ${labels.copying[link.copying]}${from}.`;
}

function entry(link, labels, now) {
  const { when, speaker, says, source, row, note } = link;
  const basis = make("p", {}, ...(link.quote ? [quotation(link), " "] : []), sourceLink(source), "; ", rowLink(row), ".", note && ` ${note}`);
  const change = link.copying === "first" ? link.change : `${labels.changed[link.changed]}. ${link.change}`;
  const item = make(
    "li",
    {},
    make("p", {}, make("strong", { textContent: `${when}, ${speaker}` }), `: ${says}`),
    make("p", {}, make("strong", { textContent: link.copying === "first" ? "Begins: " : "Changed: " }), change),
    make("p", {}, make("strong", { textContent: "Link: " }), `${labels.copying[link.copying]}${link.copied_from ? `, from step ${link.copied_from}` : ""}.`),
    basis,
  );
  item.dataset.copying = link.copying;
  if (now) item.setAttribute("aria-current", "step");
  return item;
}

function render({ model, el }) {
  const [chains, labels] = ["chains", "labels"].map((name) => model.get(name));
  const [chain, chainLabel] = menu("Figure", chains.map(({ title }, place) => [place, title]));
  const slider = make("input", { type: "range", min: 1, step: 1, value: 1 });
  const sentence = make("p", { className: "casebook-outcome" });
  sentence.setAttribute("aria-live", "polite");
  const list = make("ol", { className: "casebook-answers" });

  function update() {
    const chosen = chains[chain.value];
    const step = Number(slider.value);
    sentence.textContent = said(chosen, step, labels);
    list.replaceChildren(...chosen.links.slice(0, step).map((link, place) => entry(link, labels, place === step - 1)));
  }

  function start() {
    slider.max = chains[chain.value].links.length;
    slider.value = 1;
    update();
  }

  chain.addEventListener("change", start);
  slider.addEventListener("input", update);
  start();
  el.classList.add("casebook-bench", "casebook-lens");
  el.append(
    make("div", { className: "casebook-controls" }, chainLabel, make("label", {}, make("span", { textContent: "Step" }), slider)),
    sentence,
    list,
    make("p", { textContent: model.get("note") }),
  );
}

export default { render };
