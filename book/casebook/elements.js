// What the interactives share: builders of page elements, words, and links to the pages beside this one.
const numberText = (number) => String(Math.round(number * 100) / 100);
const sentenceCase = (text) => text[0].toUpperCase() + text.slice(1);
const listed = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);
const separated = (nodes) => nodes.flatMap((node, place) => (place ? [", ", node] : [node]));

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function button(text, act) {
  const made = make("button", { type: "button" }, text);
  made.addEventListener("click", act);
  return made;
}

const menu = (options) => make("select", {}, ...options.map(([value, text]) => make("option", { value }, text)));
const labelled = (text, control) => make("label", {}, make("span", {}, text), control);
const described = (term, ...text) => make("div", {}, make("dt", {}, term), make("dd", {}, ...text));

// A text that is read aloud, as a whole, when it changes.
function live(className, ...children) {
  const said = make("p", { className }, ...children);
  said.setAttribute("aria-live", "polite");
  said.setAttribute("aria-atomic", "true");
  return said;
}

function listOf(className, ...items) {
  const list = make("ol", { className }, ...items);
  list.setAttribute("role", "list"); // some browsers take a list without bullets for no list
  return list;
}

function tableOf(caption, ...headers) {
  const table = make("table", { className: "casebook-table" });
  table.createCaption().textContent = caption;
  table.createTHead().insertRow().append(...headers.map((text) => make("th", { scope: "col" }, text)));
  table.createTBody();
  return table;
}

const cell = (...children) => make("td", {}, ...children);
const rowOf = (header, ...cells) => make("tr", {}, make("th", { scope: "row" }, header), ...cells);

function bar(part) {
  const made = make("div", { className: "casebook-bar" });
  made.style.width = `${100 * part}%`;
  return made;
}

// Where the page has a bibliography beside it, rows and sources are links; in a notebook they are their ids.
function link(text, page, anchor) {
  const shelf = document.querySelector('a[href$="bibliography.html"]');
  if (!shelf || !page) return make("span", {}, text);
  return make("a", { href: `${shelf.href.replace(/bibliography\.html$/, "")}${page}.html#${anchor}` }, text);
}

const sourceLink = (id) => link(id, "bibliography", id.replaceAll("_", "-"));
const rowLink = ({ id, page }, text = id) => link(text, page, id.toLowerCase());
const quotation = (quote, lang) => make("q", { lang }, quote);
