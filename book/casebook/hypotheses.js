// The rule of casebook/hypotheses.py and the text of casebook/codings.py, once more for the page; tests hold them equal.
// A coding is what its text says, line by line: { V01: { credibility: "3", relevance: "2", A1a: "N" }, Sources: { … } }.
const AGAINST = { CC: 0, C: 0, N: 0, I: 1, II: 2 };
const STEPS = { CC: 2, C: 1, N: 0, I: -1, II: -2 };
const rounded = (number) => Math.round(number * 1e6) / 1e6; // products of multipliers are not exact
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const pairs = (list) => list.flatMap((one, place) => list.slice(place + 1).map((other) => [one, other]));

export function weightOf(coding, { id, kinds }) {
  const counted = kinds.length ? sum(kinds.map((kind) => Number(coding.Sources[kind]))) / kinds.length : 1;
  return Number(coding[id].credibility) * Number(coding[id].relevance) * counted;
}

// The contribution of each item to the score of each hypothesis, the scores, the ranks, and the items that matter most.
export function weigh(coding, items, hypotheses) {
  const contributions = items.map((item) => hypotheses.map((name) => AGAINST[coding[item.id][name]] * weightOf(coding, item)));
  const scores = hypotheses.map((_, place) => sum(contributions.map((own) => own[place])));
  const order = (values) => pairs(values.map(rounded)).map(([one, other]) => Math.sign(one - other));
  const before = order(scores);
  const effects = contributions.map((own, place) => ({
    id: items[place].id,
    changed: order(scores.map((score, at) => score - own[at])).filter((way, at) => way !== before[at]).length,
    moved: rounded(Math.max(...own) - Math.min(...own)),
  }));
  const most = Math.max(...effects.map(({ changed }) => changed));
  const movers = effects.filter(({ changed, moved }) => changed === most && moved > 0);
  const furthest = Math.max(...movers.map(({ moved }) => moved));
  return {
    scores: scores.map(rounded),
    ranks: scores.map((score) => 1 + scores.filter((other) => rounded(other) < rounded(score)).length),
    mattersMost: movers.filter(({ moved }) => moved === furthest),
    pairs: before.length,
  };
}

// How far apart an item puts two hypotheses: steps of the scale times its weight.
export const strength = (one, other, weight) => Math.abs(STEPS[one] - STEPS[other]) * weight;

export const headingOf = (family) => `Coding of the family ${family}`;

// `form` lists the lines, their entries and the values of each: [["V01", [["credibility", ["0", "1", …]], …]], …].
export function writeCoding(coding, family, form) {
  const lines = form.map(([name, entries]) => `${name}: ${entries.map(([key]) => `${key} ${coding[name][key]}`).join(", ")}`);
  return `${[headingOf(family), ...lines].join("\n")}\n`;
}

function need(right, sentence) {
  if (!right) throw new Error(sentence);
}

// Throws an Error whose message is one sentence: what, where, what to do.
export function readCoding(text, family, form) {
  const lines = text.split("\n").map((line, place) => [place + 1, line.trim()]).filter(([, line]) => line && !line.startsWith("#"));
  need(lines[0]?.[1] === headingOf(family), `The text does not begin with '${headingOf(family)}'; paste a whole coding of this family.`);
  const read = {};
  lines.slice(1).forEach(([number, line]) => {
    const colon = line.indexOf(":");
    need(colon >= 0, `Line ${number} cannot be read; write it like 'V01: credibility 3, relevance 2, A2 N'.`);
    const name = line.slice(0, colon).trim();
    const known = form.find(([wanted]) => wanted === name);
    need(known, `Line ${number}: there is no '${name}' here; take the line out.`);
    need(!(name in read), `Line ${number}: ${name} stands twice; keep one line.`);
    read[name] = readEntries(`Line ${number}, ${name}`, line.slice(colon + 1), known[1]);
  });
  form.forEach(([name]) => need(name in read, `The line ${name} is missing; add it.`));
  return read;
}

function readEntries(place, text, allowed) {
  const read = {};
  text.split(",").map((entry) => entry.trim()).forEach((entry) => {
    const space = Math.max(entry.lastIndexOf(" "), 0);
    const [key, value] = [entry.slice(0, space).trim(), entry.slice(space).trim()];
    const known = allowed.find(([wanted]) => wanted === key);
    need(known, `${place}: '${entry}' cannot be read; use one of: ${allowed.map(([wanted]) => wanted).join(", ")}.`);
    need(!(key in read), `${place}: ${key} stands twice; keep one.`);
    need(known[1].includes(value), `${place}: ${key} cannot be '${value}'; use one of: ${known[1].join(", ")}.`);
    read[key] = value;
  });
  allowed.forEach(([key]) => need(key in read, `${place}: ${key} is missing; add it.`));
  return read;
}
