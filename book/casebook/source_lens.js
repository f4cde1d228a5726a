// The source lens: the answers to one question, and what is left of them when kinds of sources are hidden.
export const kept = (answers, hidden) => answers.filter((answer) => Object.entries(hidden).every(([by, codes]) => !codes.includes(answer[by])));

// Python's None is null on a built page, but undefined where Python itself runs in the browser.
const hasNumber = ({ at }) => at != null;

// The first of the lowest and the first of the highest numbers, in the order of time; nothing where there is none.
export function extremes(answers) {
  const numbered = answers.filter(hasNumber);
  if (!numbered.length) return null;
  const [lowest, highest] = [Math.min, Math.max].map((choose) => choose(...numbered.map(({ at }) => at)));
  return [lowest, highest].map((wanted) => numbered.find(({ at }) => at === wanted));
}

const MOST_NAMED = 3; // answers that the sentence names as gone; the list shows the rest by their absence

export function said(answers, hidden, labels) {
  const left = kept(answers, hidden);
  const gone = answers.filter((answer) => !left.includes(answer));
  const off = Object.entries(hidden).flatMap(([by, codes]) => codes.map((code) => labels[by][code]));
  const named = ({ speaker, number }) => (number ? `${speaker} (${number})` : speaker);
  const parts = [gone.length ? `${left.length} of ${answers.length} answers left.` : `All ${answers.length} answers shown.`];
  const [all, ends] = [answers, left].map(extremes);
  if (ends) parts.push(ends[0].at === ends[1].at ? `Numbers: ${both(left)}.` : `Numbers: from ${named(ends[0])} to ${named(ends[1])}.`);
  if (all && !ends) parts.push("No number left.");
  if (all && gone.length && (!ends || both(left) !== both(answers))) parts.push(`With all answers: ${both(answers)}.`);
  if (gone.length) {
    const rest = gone.length - MOST_NAMED;
    parts.push(`Gone from the picture: ${gone.slice(0, MOST_NAMED).map(named).join("; ")}${rest > 0 ? ` and ${rest} more` : ""}.`);
  }
  if (off.length) parts.push(`Switched off: ${off.join(", ")}.`);
  return parts.join(" ");
}

// The numbers of some answers in short: "from 164 to 241", or "20,000 or more than 20,000" where they stand in one place.
function both(answers) {
  const [low, high] = extremes(answers);
  if (low.at !== high.at) return `from ${low.number} to ${high.number}`;
  return [...new Set(answers.filter(hasNumber).map(({ number }) => number))].join(" or ");
}

const SVG = "http://www.w3.org/2000/svg";
const LEVEL = 22; // pixels from one dot to the dot above it
const MARGIN = 5; // per cent of the width left free at both ends
const APART = 8; // per cent of the width: dots nearer than this stand above one another

function drawn(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  node.append(...children);
  return node;
}

// Shape and fill carry the difference: a dot for a number, an arrowhead for a bound; filled if shown, a ring if hidden.
function strip(answers, left) {
  const numbered = answers.filter(hasNumber).sort((one, other) => one.at - other.at);
  if (!numbered.length) return [];
  const [low, high] = [numbered[0], numbered.at(-1)];
  const across = ({ at }) => (high.at === low.at ? 50 : MARGIN + (100 - 2 * MARGIN) * (at - low.at) / (high.at - low.at));
  const taken = []; // by level, where the last dot stands
  const places = numbered.map((answer) => {
    const x = across(answer);
    const free = taken.findIndex((last) => x - last > APART);
    const level = free < 0 ? taken.length : free;
    taken[level] = x;
    return { answer, x, level };
  });
  const floor = taken.length * LEVEL;
  const marks = places.map(({ answer, x, level }) => drawn(
    "svg",
    { x: `${x}%`, y: floor - (level + 0.5) * LEVEL, overflow: "visible", class: left.includes(answer) ? "casebook-dot" : "casebook-ring" },
    drawn("path", { d: answer.bound ? "M-6-8L8 0-6 8z" : "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0z" }),
  ));
  const end = (answer, place, anchor) => drawn("text", { x: `${place}%`, y: floor + 20, "text-anchor": anchor }, answer.at.toLocaleString("en"));
  const ends = high.at === low.at ? [end(low, 50, "middle")] : [end(low, 1, "start"), end(high, 99, "end")];
  const words = numbered.filter((answer) => left.includes(answer)).map(({ number, speaker }) => `${number} ${speaker}`);
  return [drawn(
    "svg",
    { class: "casebook-strip", width: "100%", height: floor + 28, role: "img", "aria-label": `Numbers shown, in ${low.unit}: ${words.join("; ") || "none"}.` },
    drawn("line", { x1: "0", x2: "100%", y1: floor + 2, y2: floor + 2 }), ...marks, ...ends,
  )];
}

function entry(answer, labels) {
  const { when, speaker, stance, genre, counts, source, row, confidence, note } = answer;
  const basis = make("p", {}, ...(answer.quote ? [quotation(answer.quote, answer.lang), " "] : []), "Read in ", sourceLink(source), ` (${labels.genre[genre]})`);
  if (row.id) basis.append("; rests on ", rowLink(row, `row ${row.id}`));
  basis.append(`; confidence ${confidence}.`, counts && ` Counts: ${counts}.`, note && ` ${note}`);
  return make("li", {}, make("p", {}, make("strong", {}, `${when}, ${speaker}`), ` (${labels.stance[stance]}): ${answer.answer}`), basis);
}

function render({ model, el }) {
  const [questions, answers, labels] = ["questions", "answers", "labels"].map((name) => model.get(name));
  const hidden = Object.fromEntries(Object.keys(labels).map((by) => [by, []]));
  const question = menu(questions.map(({ topic, question: words }) => [topic, words]));
  const sentence = live("casebook-outcome");
  const picture = make("div", {});
  const list = listOf("casebook-answers");

  function update() {
    const own = answers.filter(({ topic }) => topic === question.value);
    const left = kept(own, hidden);
    sentence.textContent = said(own, hidden, labels);
    picture.replaceChildren(...strip(own, left));
    list.replaceChildren(...left.map((answer) => entry(answer, labels)));
  }

  function group([by, title]) {
    const inOrderOfTime = [...new Set(answers.map((answer) => answer[by]))];
    const boxes = inOrderOfTime.map((code) => {
      const box = make("input", { type: "checkbox", checked: true });
      box.addEventListener("change", () => {
        hidden[by] = Object.keys(labels[by]).filter((other) => (other === code ? !box.checked : hidden[by].includes(other)));
        update();
      });
      return make("label", {}, box, labels[by][code]);
    });
    return make("fieldset", {}, make("legend", {}, title), ...boxes);
  }

  const groups = Object.entries({ stance: "Position of the speaker", leaning: "View of the text", genre: "Where it was read", period: "When" }).map(group);
  const reset = button("Show all", () => {
    groups.forEach((fields) => fields.querySelectorAll("input").forEach((box) => { box.checked = true; }));
    Object.keys(hidden).forEach((by) => { hidden[by] = []; });
    update();
  });
  question.value = model.get("topic");
  question.addEventListener("change", update);
  update();
  el.classList.add("casebook-bench", "casebook-lens");
  el.append(
    make("div", { className: "casebook-controls" }, labelled("Question", question)),
    sentence,
    picture,
    ...groups,
    make("div", { className: "casebook-buttons" }, reset),
    list,
    make("p", {}, model.get("note")),
  );
}

export default { render };
