// What several interactives share: elements, a list to choose from, and links to the pages beside this one.
function make(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function menu(label, options) {
  const select = make("select", {}, ...options.map(([value, text]) => make("option", { value, textContent: text })));
  return [select, make("label", {}, make("span", { textContent: label }), select)];
}

// Where the page has a bibliography beside it, rows and sources are links; in a notebook they are their ids.
function link(text, page, anchor) {
  const shelf = document.querySelector('a[href$="bibliography.html"]');
  if (!shelf || !page) return make("span", { textContent: text });
  return make("a", { href: `${shelf.href.replace(/bibliography\.html$/, "")}${page}.html#${anchor}`, textContent: text });
}

const sourceLink = (id) => link(id, "bibliography", id.replaceAll("_", "-"));
const rowLink = ({ id, page }) => link(`row ${id}`, page, id.toLowerCase());
const quotation = ({ quote, lang }) => make("q", { textContent: quote, lang });

