// The review: one portrait, one question, one key; the server saves before the next portrait is shown.

const review = data.review;
const VALUE_KEYS = [..."1234567890qwertyuiopasdfghjkl"]; // the first 21 are never commands, and no trait has more
const SWATCHES = 9; // colours of a portrait that get a key
const state = { question: 0, row: -1, last: null, undo: review.undo, seen: new Set(), asking: null, ended: false };
const large = byId("large");

const question = () => review.questions[state.question];
const traitOf = (asked) => (asked.place >= 0 ? data.traits[asked.place] : null);
const plain = (words) => words.split("|").map((word) => word.replaceAll("_", " ")).join(" or ");

/** Return what the machine says of a portrait; empty where it says nothing. */
function machineWord(asked, row) {
  const trait = traitOf(asked);
  return trait && trait.codes[row] >= 0 ? trait.values[trait.codes[row]] : "";
}

function machineShare(asked, row) {
  const trait = traitOf(asked);
  return trait && trait.codes[row] >= 0 && trait.shares ? trait.shares[row] : -1;
}

const disagrees = (asked, row) => row in asked.labels && traitOf(asked) !== null && !asked.labels[row].split("|").includes(machineWord(asked, row));

// ---- which portrait comes next

/** Scatter rows the same way each time: a fair sample, whichever portraits come first in the table. */
function scattered(row) {
  let x = (row + 1) * 0x9e3779b1;
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

let orderKey = "";
let ordered = [];

function order() {
  const by = byId("order").value;
  const key = `${by} ${state.question}`;
  if (key !== orderKey) {
    const asked = question();
    const rank = { doubt: (row) => machineShare(asked, row), shuffled: scattered, table: (row) => row }[by];
    ordered = review.rows.map((row) => [rank(row), row]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, row]) => row);
    orderKey = key;
  }
  return ordered;
}

function wanted(row) {
  const mode = byId("mode").value;
  if (mode === "open") return !(row in question().labels);
  if (mode === "disagree") return disagrees(question(), row) && !state.seen.has(row);
  return true;
}

/** Return the next portrait that is wanted, from one on, around the end; -1 if none is. */
function nextRow(from, step = 1) {
  const list = order();
  const start = list.indexOf(from);
  const every = byId("mode").value === "all";
  for (let i = 1; i <= list.length; i += 1) {
    const at = start + i * step;
    if (every && (at < 0 || at >= list.length)) return -1; // the whole list has an end
    const row = list[((at % list.length) + list.length) % list.length];
    if (wanted(row) && (row !== from || i === list.length)) return row === from && !wanted(from) ? -1 : row;
  }
  return -1;
}

function goOn() {
  show(nextRow(state.row));
}

/** Step through all portraits in order, labelled or not. */
function step(by) {
  const list = order();
  const at = list.indexOf(state.row >= 0 ? state.row : state.last ? state.last.row : list[0]);
  show(list[Math.min(list.length - 1, Math.max(0, at + by))]);
}

// ---- what is shown

function choices(asked, row) {
  if (asked.values.length) return asked.values;
  const found = row >= 0 ? paletteOf(row) : [];
  const extra = [hiddenNow() ? "" : machineWord(asked, row), ...(asked.labels[row] || "").split("|")].filter((word) => word && !found.includes(word));
  return [...extra, ...found].slice(0, SWATCHES);
}

/** The colours of a portrait, the commonest first. */
function paletteOf(row) {
  const context = make("canvas", { width: SIDE, height: SIDE }).getContext("2d");
  drawPicture(context, row, 1);
  const { data: bytes } = context.getImageData(0, 0, SIDE, SIDE);
  const counts = new Map();
  for (let i = 0; i < bytes.length; i += 4) if (bytes[i + 3]) counts.set(hexAt(bytes, i), (counts.get(hexAt(bytes, i)) || 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([color]) => color);
}

const hexAt = (bytes, i) => `#${[bytes[i], bytes[i + 1], bytes[i + 2]].map((n) => n.toString(16).padStart(2, "0")).join("")}`;

function show(row) {
  state.row = row;
  paintAll();
  byId("stage").focus({ preventScroll: true }); // or Space would press the last button again
}

function paintAll() {
  paintTraits();
  paintStage();
  paintValues();
  byId("undo").disabled = state.undo === 0;
}

function paintStage() {
  const asked = question();
  const { row } = state;
  const blind = byId("blind").checked && !(row in asked.labels);
  const done = row < 0;
  byId("stage").classList.toggle("done", done);
  byId("name").replaceChildren(done ? "" : make("bdi", {}, data.images[row]));
  byId("position").textContent = done ? "" : `${order().indexOf(row) + 1} of ${order().length}`;
  fitLarge(large, large.clientWidth || 480);
  if (done) {
    large.getContext("2d").clearRect(0, 0, large.width, large.height);
    byId("said").textContent = endWords(asked);
    large.setAttribute("aria-label", "no portrait left");
    return;
  }
  drawLarge(large, row, byId("why").checked && !blind ? traitOf(asked) : null, false); // a person judges the whole portrait
  large.setAttribute("aria-label", `${data.images[row]}, enlarged`);
  const word = machineWord(asked, row);
  const share = machineShare(asked, row);
  const trait = traitOf(asked);
  if (blind) byId("said").textContent = "What the machine says is hidden until you decide.";
  else if (!trait) byId("said").textContent = "The machine was not asked for this trait.";
  else byId("said").textContent = `The machine says ${word ? plain(word) : "nothing"}${share >= 0 ? `, ${plainShare(share)} sure` : ""}.`;
  if (trait && trait.withheld && !blind) byId("said").append(" (withheld)");
  const other = asked.others[row];
  if (other) byId("said").append(` Labelled before${other[0] ? ` by ${other[0]}` : ""}${other[1] ? `, ${other[1].slice(0, 10)}` : ""}.`);
}

function endWords(asked) {
  if (byId("mode").value === "disagree") return "No disagreement is left.";
  const open = review.questions.filter((other) => other.progress.labelled < review.rows.length && other !== asked);
  if (asked.progress.labelled < review.rows.length) return "This is the end of the list.";
  return `All ${review.rows.length} portraits are labelled. ${open.length ? `↓ or a click leads to the next trait: ${plainName(open[0].trait)}.` : "Everything is: press Finish."}`;
}

function paintValues() {
  const asked = question();
  const { row } = state;
  document.body.classList.toggle("color-question", !asked.values.length);
  byId("question").textContent = plainName(asked.trait);
  const labelled = (asked.labels[row] || "").split("|");
  const blind = byId("blind").checked && !(row in asked.labels);
  const machine = blind ? "" : machineWord(asked, row);
  const buttons = choices(asked, row).map((value, i) => {
    const dot = asked.values.length ? null : make("span", { class: "dot" });
    if (dot) dot.style.backgroundColor = value;
    return make("button", {
      type: "button", class: value === machine ? "value machine" : "value", "aria-pressed": String(labelled.includes(value)), "data-value": value,
      ".disabled": row < 0, onclick: (event) => enqueue(() => choose(value, event.shiftKey)),
    }, make("kbd", {}, VALUE_KEYS[i] || " "), dot, make("span", { class: "word" }, plain(value)), make("span", { class: "mark" }, value === machine ? "machine" : ""));
  });
  byId("values").classList.toggle("many", buttons.length > 10);
  byId("values").replaceChildren(...buttons);
  byId("clear").disabled = !(row in asked.labels);
}

function paintTraits() {
  byId("traits").replaceChildren(...review.questions.map((asked, i) => {
    const { labelled, accuracy } = asked.progress;
    const fill = make("i");
    fill.style.width = `${(100 * labelled) / Math.max(1, review.rows.length)}%`;
    const share = !accuracy || byId("blind").checked ? "" : `machine right ${accuracy[0].toFixed(2)} (${accuracy[1].toFixed(2)} to ${accuracy[2].toFixed(2)})`;
    return make("button", { type: "button", "aria-current": String(i === state.question), "data-trait": asked.trait, onclick: () => pick(i) },
      make("span", {}, plainName(asked.trait)), make("span", { class: "count" }, `${labelled} / ${review.rows.length}`),
      make("span", { class: "track" }, fill), make("span", { class: "share" }, share));
  }));
}

function pick(i) {
  state.question = (i + review.questions.length) % review.questions.length;
  state.seen.clear();
  state.row = -1;
  const list = order();
  show(list.length ? nextRow(list[list.length - 1]) : -1);
  byId("traits").querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// ---- decisions: one after the other, each saved before the next is looked at

let line = Promise.resolve();

/** Do something after all that was asked for before; keys that come quickly wait for their turn. */
function enqueue(action) {
  line = line.then(action).catch((error) => {
    state.ended = true;
    alarm(`Nothing is saved any more: ${error.message}. What was saved is in ${review.file}. Start punkdetect review again to go on.`);
  });
}

function alarm(text) {
  byId("alarm").textContent = text;
  byId("alarm").hidden = !text;
}

async function send(action, body) {
  const answer = await fetch(action, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return [answer.status, await answer.json()];
}

async function choose(value, either) {
  const { row } = state;
  if (row < 0 || state.asking || state.ended) return;
  const labelled = (question().labels[row] || "").split("|").filter(Boolean);
  let words = value;
  if (either && value) {
    const both = labelled.includes(value) ? labelled.filter((word) => word !== value) : [...labelled, value];
    words = both.join("|");
  }
  await decide(row, question(), words, false, !either);
}

async function decide(row, asked, words, replace, move) {
  const before = asked.labels[row] || "";
  const [status, told] = await send("label", { row, trait: asked.trait, words, replace });
  if (status === 409 && told.ask) return ask(row, asked, words, told.ask, move);
  if (status === 409 && told.changed) return changedElsewhere();
  if (status !== 200) { alarm(`Not saved: ${told.message}`); return undefined; }
  alarm("");
  takeIn(asked, told);
  if (before !== words) delete asked.others[row];
  state.seen.add(row);
  state.last = { row, trait: asked.trait };
  sayLast(row, asked, words);
  if (move && words) goOn(); else paintAll();
  return undefined;
}

function takeIn(asked, told) {
  if (told.words) asked.labels[told.row] = told.words; else delete asked.labels[told.row];
  asked.progress = told.progress;
  state.undo = told.undo;
}

function sayLast(row, asked, words) {
  const machine = machineWord(asked, row);
  const agrees = words.split("|").includes(machine) ? "the machine agrees" : machine ? `the machine says ${plain(machine)}` : "the machine says nothing";
  byId("last").replaceChildren(make("bdi", {}, data.images[row]), `: ${plainName(asked.trait)} `,
    make("b", {}, words ? plain(words) : "no label"), words && traitOf(asked) ? `; ${agrees}. Saved.` : ". Saved.");
  byId("thumb").hidden = false;
  drawPicture(byId("thumb").getContext("2d"), row, 1);
}

function ask(row, asked, words, told, move) {
  state.asking = { row, asked, words, move };
  const who = told.who ? `${told.who} said` : "Somebody said";
  byId("ask-words").textContent = `${who} ${plain(told.words)}${told.when ? ` (${told.when.slice(0, 10)})` : ""}. You say ${words ? plain(words) : "no label"}.`;
  byId("ask").showModal();
  byId("keep").focus();
}

function answerAsk(replace) {
  const { row, asked, words, move } = state.asking;
  byId("ask").close();
  state.asking = null;
  enqueue(async () => {
    if (replace) return decide(row, asked, words, true, move);
    state.seen.add(row);
    if (move) goOn();
    return undefined;
  });
}

function changedElsewhere() {
  alarm(`${review.file} was changed by somebody else: reading it again ...`);
  window.setTimeout(() => window.location.reload(), 1200);
}

async function undo() {
  if (state.asking || state.ended) return;
  const [status, told] = await send("undo", {});
  if (status === 409) { changedElsewhere(); return; }
  if (status !== 200) { alarm(`Not undone: ${told.message}`); return; }
  if (told.row === null) { state.undo = 0; byId("last").textContent = "There is nothing to undo."; paintAll(); return; }
  state.question = review.questions.findIndex((asked) => asked.trait === told.trait);
  takeIn(question(), told);
  state.seen.delete(told.row);
  byId("last").replaceChildren(make("bdi", {}, data.images[told.row]), `: ${plainName(told.trait)} is ${told.words ? plain(told.words) : "not labelled"} again.`);
  byId("thumb").hidden = true;
  show(told.row);
}

function nextDisagreement() {
  byId("mode").value = "disagree";
  if (state.row >= 0) state.seen.add(state.row);
  const at = state.row >= 0 ? state.row : order()[order().length - 1];
  let row = nextRow(at);
  if (row < 0 && state.seen.size) { state.seen.clear(); row = nextRow(at); } // around once more
  show(row);
}

async function finish() {
  await send("done", {});
  state.ended = true;
  document.body.replaceChildren(make("p", { class: "note" }, `Everything is saved in ${review.file}. You may close this page.`));
}

// ---- keys

function onKey(event) {
  if (event.ctrlKey && event.key === "z") { enqueue(undo); event.preventDefault(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event) || byId("ask").open) return;
  const onButton = event.target instanceof HTMLButtonElement && (event.key === " " || event.key === "Enter");
  if (onButton) return; // a focused button is pressed as everywhere
  const typed = /^(Digit|Numpad)\d$/.test(event.code) ? event.code.slice(-1) : event.key.toLowerCase();
  const at = VALUE_KEYS.indexOf(typed);
  const commands = {
    " ": () => enqueue(() => { const word = machineWord(question(), state.row); return word && !hiddenNow() ? choose(word, false) : undefined; }),
    backspace: () => enqueue(undo), z: () => enqueue(undo), n: () => enqueue(nextDisagreement),
    arrowleft: () => enqueue(() => step(-1)), arrowright: () => enqueue(() => step(1)),
    arrowup: () => enqueue(() => pick(state.question - 1)), arrowdown: () => enqueue(() => pick(state.question + 1)),
    x: () => enqueue(() => (state.row in question().labels ? choose("", false) : undefined)),
    b: () => flip("blind"), v: () => flip("why"), "?": () => byId("about").showModal(),
  };
  if (at >= 0) enqueue(() => { const value = choices(question(), state.row)[at]; return value === undefined ? undefined : choose(value, event.shiftKey); });
  else if (commands[typed]) commands[typed]();
  else return;
  event.preventDefault();
}

const hiddenNow = () => byId("blind").checked && !(state.row in question().labels);

function flip(id) {
  byId(id).checked = !byId(id).checked;
  paintAll();
}

// ---- begin

document.addEventListener("keydown", onKey);
for (const id of ["order", "mode"]) byId(id).addEventListener("change", (event) => { state.seen.clear(); event.target.blur(); pick(state.question); });
for (const id of ["blind", "why"]) byId(id).addEventListener("change", (event) => { event.target.blur(); paintAll(); });
byId("back").addEventListener("click", () => enqueue(() => step(-1)));
byId("forward").addEventListener("click", () => enqueue(() => step(1)));
byId("clear").addEventListener("click", () => enqueue(() => choose("", false)));
byId("disagreement").addEventListener("click", () => enqueue(nextDisagreement));
byId("undo").addEventListener("click", () => enqueue(undo));
byId("finish").addEventListener("click", () => enqueue(finish));
byId("keep").addEventListener("click", () => answerAsk(false));
byId("replace").addEventListener("click", () => answerAsk(true));
byId("ask").addEventListener("cancel", (event) => { event.preventDefault(); answerAsk(false); });
large.addEventListener("click", (event) => {
  if (state.row < 0 || question().values.length) return;
  const box = large.getBoundingClientRect();
  const context = make("canvas", { width: SIDE, height: SIDE }).getContext("2d");
  drawPicture(context, state.row, 1);
  const at = (share) => Math.min(SIDE - 1, Math.max(0, Math.floor(share * SIDE)));
  const { data: bytes } = context.getImageData(at((event.clientX - box.left) / box.width), at((event.clientY - box.top) / box.height), 1, 1);
  if (bytes[3]) enqueue(() => choose(hexAt(bytes, 0), event.shiftKey));
});
window.addEventListener("resize", paintStage);
onTheme.push(() => { if (document.documentElement.dataset.ready) paintStage(); });

byId("file").textContent = `${review.who} writes ${review.file}`;
applyTheme();
Promise.all([inflateEvidence(), ...sheets.map((image) => image.decode())]).then(() => {
  const open = review.questions.findIndex((asked) => asked.progress.labelled < review.rows.length);
  pick(Math.max(0, open));
  document.documentElement.dataset.ready = "yes";
});
