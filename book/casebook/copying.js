// The copying-chain explorer: the way of one figure through texts, one step after the other.
const begins = ({ copying }) => copying === "first";
const linked = ({ copying, copied_from: from }, labels) => `${labels.copying[copying]}${from ? `, ${labels.earlier[copying]} ${from}` : ""}.`;

export function said(chain, step, labels) {
  const link = chain.links[step - 1];
  const head = `Step ${step} of ${chain.links.length}, ${link.when}, ${link.speaker}: ${link.says}`;
  if (begins(link)) return `${head} ${link.change}`;
  return `${head} Changed: ${labels.changed[link.changed]}. ${link.change} Link: ${linked(link, labels)}`;
}

function entry(link, labels, step, now) {
  const { when, speaker, says, source, row, note, change, changed } = link;
  const told = begins(link)
    ? [make("p", {}, change)]
    : [
      make("p", {}, make("strong", {}, "Changed: "), `${labels.changed[changed]}. ${change}`),
      make("p", {}, make("strong", {}, "Link: "), linked(link, labels)),
    ];
  const basis = make("p", {}, ...(link.quote ? [quotation(link.quote, link.lang), " "] : []), sourceLink(source), "; ", rowLink(row, `row ${row.id}`), ".", note && ` ${note}`);
  const item = make("li", {}, make("p", {}, make("strong", {}, `${step}. ${when}, ${speaker}`), `: ${says}`), ...told, basis);
  if (now) item.setAttribute("aria-current", "step");
  return item;
}

function render({ model, el }) {
  const [chains, labels] = ["chains", "labels"].map((name) => model.get(name));
  const chain = menu(chains.map(({ title }, place) => [place, title]));
  const slider = make("input", { type: "range", min: 1, step: 1, value: 1 });
  const sentence = live("casebook-outcome");
  const list = listOf("casebook-answers");

  function update() {
    const chosen = chains[chain.value];
    const step = Number(slider.value);
    sentence.textContent = said(chosen, step, labels);
    list.replaceChildren(...chosen.links.slice(0, step).map((link, place) => entry(link, labels, place + 1, place + 1 === step)));
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
    make("div", { className: "casebook-controls" }, labelled("Figure", chain), labelled("Step", slider)),
    sentence,
    list,
    make("p", {}, model.get("note")),
  );
}

export default { render };
