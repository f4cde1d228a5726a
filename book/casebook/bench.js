// The legal test bench: one case, one reading, one switch; the path through the elements follows in the page.
// `route` and `said` are the rule of article4.py; a test compares the two.

export function route(findings) {
  const stops = findings.flatMap((finding, place) => (finding === "no" ? [place] : []));
  const stop = stops.length ? stops[0] : null;
  const open = findings.slice(0, stop ?? findings.length).flatMap((finding, place) => (["yes", "not_required"].includes(finding) ? [] : [place]));
  return { stop, open, again: stops.slice(1) };
}

export function verdict(ends) {
  if (ends.stop !== null) return "not reached";
  return ends.open.length ? "undecided" : "reached";
}

export function said(steps, reading, switched, labels) {
  const path = steps.filter((step) => step.role !== "door");
  const doors = steps.filter((step) => step.role === "door");
  const ends = route(path.map((step) => step.finding));
  const at = (places) => places.map((place) => path[place]);
  const numbered = (group) => {
    const numbers = group.map((step) => step.number);
    return `${numbers.length > 1 ? "elements" : "element"} ${listed(numbers)}`;
  };
  const grouped = (group) => [...new Set(group.map((step) => step.finding))]
    .map((finding) => `${numbered(group.filter((step) => step.finding === finding))} ${labels[finding]}`)
    .join("; ");
  const taken = steps.find((step) => step.number === switched);
  const last = path[ends.stop];
  let end = "every element of Article 4 is met.";
  if (last) end = `the route stops at element ${last.number} (${last.name}): ${labels[last.finding]}.`;
  else if (ends.open.length) end = `nothing stops the route, but it stays open: ${grouped(at(ends.open))}.`;
  const parts = [`${taken ? `With element ${taken.number} taken as ${labels[taken.finding]}` : "As coded"} in the ${reading} reading, ${end}`];
  if (last && ends.open.length) parts.push(`Open before that: ${grouped(at(ends.open))}.`);
  if (ends.again.length) parts.push(`It would stop again at ${numbered(at(ends.again))}.`);
  if (last?.role === "answer") parts.push("What is missing there is the answer of the organisation, not a condition of Article 4.");
  if (doors.length) parts.push(`Separate doors: ${grouped(doors)}.`);
  return parts.join(" ");
}

// Shape carries the difference: circle, octagon, diamond, dot, dashed ring, door. The stylesheet sets both colours.
const INK = "currentColor";
const PAPER = "var(--casebook-paper, #fff)";
const MARKS = {
  yes: [["circle", { cx: 12, cy: 12, r: 10, fill: INK }], ["path", { d: "M7 12l4 4 6-8", fill: "none", stroke: PAPER, "stroke-width": 2.5 }]],
  no: [["path", { d: "M8 2h8l6 6v8l-6 6H8l-6-6V8z", fill: INK }], ["path", { d: "M8 8l8 8M16 8l-8 8", stroke: PAPER, "stroke-width": 2.5 }]],
  contested: [["path", { d: "M12 1l11 11-11 11L1 12z", fill: PAPER, stroke: INK, "stroke-width": 2 }], ["path", { d: "M12 1v22L1 12z", fill: INK }]],
  not_required: [["circle", { cx: 12, cy: 12, r: 4, fill: INK }]],
  unsettled: [["circle", { cx: 12, cy: 12, r: 9, fill: PAPER, stroke: INK, "stroke-width": 2, "stroke-dasharray": "4 3" }]],
  door: [["path", { d: "M4 23V9a8 8 0 0 1 16 0v14z", fill: PAPER, stroke: INK, "stroke-width": 2 }], ["circle", { cx: 16, cy: 15, r: 1.5, fill: INK }]],
};

function mark(kind) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const draw = (node, attributes) => Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  draw(svg, { viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true" });
  (MARKS[kind] || MARKS.unsettled).forEach(([tag, attributes]) => {
    const shape = document.createElementNS(svg.namespaceURI, tag);
    draw(shape, attributes);
    svg.append(shape);
  });
  return svg;
}

function details(element, finding, wording, labels, switched) {
  const rows = [described("Question", element.question), described(`Wording of ${wording}`, element[wording])];
  if (finding.coded || switched) rows.push(described("Coded", labels[finding.coded || finding.finding]));
  if (finding.reason) {
    rows.push(described("Finding", finding.reason), described("Held by", finding.holder), described("Confidence", finding.confidence), described("Sources", ...separated(finding.sources.map(sourceLink))));
  } else {
    rows.push(described("Finding", "none; the case did not touch this element, or it was not reached."));
  }
  if (element.note) rows.push(described("To discuss", element.note));
  return make("dl", {}, ...rows);
}

function item(kind, content) {
  const node = make("li", {}, mark(kind), content);
  node.dataset.finding = kind;
  return node;
}

function list(name, title, items) {
  if (!items.length) return [];
  const node = listOf(`casebook-path ${name}`, ...items);
  node.setAttribute("aria-label", title);
  return [make("p", { className: "casebook-path-title" }, title), node];
}

function render({ model, el }) {
  const [cases, elements, labels] = ["cases", "elements", "labels"].map((name) => model.get(name));
  const caseMenu = menu(cases.map((one, place) => [place, one.name]));
  const readingMenu = menu([["official", "official"], ["critical", "critical"]]);
  const elementMenu = menu([["", "none: as coded"], ...elements.map((one) => [one.number, `${one.number} ${one.name}`])]);
  const takenMenu = menu(["yes", "contested", "no", "not_required"].map((code) => [code, labels[code]]));
  const facts = make("dl", {});
  const sentence = live("casebook-outcome");
  const path = make("div", {});
  const unfolded = new Set(); // numbers of the elements that the reader has opened, whatever the case

  function row(step, place, one, stops) {
    const switched = String(step.number) === elementMenu.value;
    const notes = [switched && "your switch", stops && "the route stops here"].filter(Boolean).join("; ");
    const fold = make("details", { open: unfolded.has(step.number) });
    fold.addEventListener("toggle", () => unfolded[fold.open ? "add" : "delete"](step.number));
    fold.append(
      make("summary", {}, `${step.number} ${step.name}: `, make("strong", {}, labels[step.finding]), notes && ` (${notes})`),
      details(elements[place], one[readingMenu.value][place], one.wording, labels, switched),
    );
    return item(step.role === "door" ? "door" : step.finding, fold);
  }

  function update() {
    const one = cases[caseMenu.value];
    takenMenu.disabled = !elementMenu.value;
    const steps = elements.map(({ number, name, role }, place) => ({
      number, name, role, finding: String(number) === elementMenu.value ? takenMenu.value : one[readingMenu.value][place].finding,
    }));
    const onPath = steps.filter((step) => step.role !== "door");
    const ends = route(onPath.map((step) => step.finding));
    const reached = ends.stop === null ? onPath : onPath.slice(0, ends.stop + 1);
    const rows = steps.map((step, place) => row(step, place, one, step === onPath[ends.stop]));
    const pick = (wanted) => rows.filter((_, place) => wanted(steps[place]));
    const door = item("door", make("div", {}, "Door of Article 4, collective defence: ", make("strong", {}, verdict(ends))));
    const beyond = [...pick((step) => step.role !== "door" && !reached.includes(step)), door];
    path.replaceChildren(
      ...list("casebook-route", `Route through Article 4, wording of ${one.wording}`, [...pick((step) => reached.includes(step)), ...(ends.stop === null ? [door] : [])]),
      ...list("casebook-beyond", "Beyond the stop", ends.stop === null ? [] : beyond),
      ...list("casebook-doors", "Separate doors, each a question of its own", pick((step) => step.role === "door")),
    );
    facts.replaceChildren(...one.facts.map((fact) => described(...fact)));
    sentence.textContent = said(steps, readingMenu.value, Number(elementMenu.value), labels);
  }

  caseMenu.value = model.get("case");
  readingMenu.value = model.get("reading");
  caseMenu.addEventListener("change", () => { elementMenu.value = ""; });
  [caseMenu, readingMenu, elementMenu, takenMenu].forEach((select) => select.addEventListener("change", update));
  update();
  el.classList.add("casebook-bench");
  el.append(
    make("div", { className: "casebook-controls" }, labelled("Case", caseMenu), labelled("Reading", readingMenu), labelled("Switch one finding", elementMenu), labelled("and take it as", takenMenu)),
    make("details", {}, make("summary", {}, "About this case"), facts),
    sentence,
    path,
    make("p", {}, model.get("note")),
  );
}

export default { render };
