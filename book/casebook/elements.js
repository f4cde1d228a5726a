// Small builders of page elements and words, shared by the interactives on competing hypotheses.
const numberText = (number) => String(Math.round(number * 100) / 100);
const sentenceCase = (text) => text[0].toUpperCase() + text.slice(1);
const listed = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);

const make = (tag, text = "", properties = {}) => Object.assign(document.createElement(tag), { textContent: text }, properties);

function group(tag, properties, ...children) {
  const made = make(tag, "", properties);
  made.append(...children);
  return made;
}

function button(text, act) {
  const made = make("button", text, { type: "button" });
  made.addEventListener("click", act);
  return made;
}

function labelled(text, control) {
  return group("label", {}, text, control);
}

function menu(options) {
  return group("select", {}, ...options.map(([value, text]) => make("option", text, { value })));
}

function fold(heading, ...children) {
  return group("details", {}, heading, ...children);
}

function live() {
  const said = make("p", "", { className: "casebook-said" });
  said.setAttribute("aria-live", "polite");
  said.setAttribute("aria-atomic", "true");
  return said;
}

function tableOf(caption, ...headers) {
  const table = make("table", "", { className: "casebook-table" });
  table.createCaption().textContent = caption;
  table.createTHead().insertRow().append(...headers.map((text) => make("th", text, { scope: "col" })));
  table.createTBody();
  return table;
}
