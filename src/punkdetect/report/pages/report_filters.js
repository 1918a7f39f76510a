// The report, its state and its filters, which are charts as well.

const N = data.images.length;
const NOTHING = -1; // value code of "nothing found"
const FEW = 12; // values of a trait shown before "all values"
const lost = new Set(data.lost);
const failed = [];
const shownRows = [];
for (let i = 0; i < N; i += 1) {
  if (data.statuses[i] !== "ok" || lost.has(i)) failed.push(i);
  if (data.statuses[i] === "ok" || hasPicture(i)) shownRows.push(i);
}

const words = data.traits.filter((trait) => !trait.color);
const haystack = shownRows.map(() => null);
const state = { query: "", chosen: data.traits.map(() => new Set()), sort: "table", focus: words.length ? data.traits.indexOf(words[0]) : -1 };
let rows = shownRows; // what the filters leave, in order
let active = -1; // position in rows
let pinned = null; // trait whose evidence the large portrait keeps
let lit = null; // trait whose evidence it shows

const shortName = (name) => name.split("/").pop().replace(/\.(png|gif|webp|bmp|jpe?g)$/i, "");
const valueWord = (trait, code) => (code === NOTHING ? "nothing found" : trait.values[code].replaceAll("_", " "));

// ---- filters

/** Text a row is searched in: its name and what was found; "none" says nothing. */
function textOf(at) {
  if (haystack[at] === null) {
    const row = shownRows[at];
    const found = data.traits.map((trait) => (trait.codes[row] === NOTHING ? "" : trait.values[trait.codes[row]]));
    haystack[at] = [data.images[row], ...found.filter((word) => word !== "none")].join(" ").toLowerCase();
  }
  return haystack[at];
}

/** Find the rows that pass, and count every value among the rows that pass all filters but its own trait's. */
function applyFilters() {
  const wanted = state.query.toLowerCase().split(/\s+/).filter(Boolean);
  const filters = state.chosen.map((codes, t) => [codes, data.traits[t].codes, t]).filter(([codes]) => codes.size);
  const counts = data.traits.map(() => new Map());
  const left = [];
  for (let at = 0; at < shownRows.length; at += 1) {
    if (wanted.length) {
      const text = textOf(at);
      if (!wanted.every((word) => text.includes(word))) continue;
    }
    const row = shownRows[at];
    let misses = 0;
    let missed = -1;
    for (const [codes, column, t] of filters) {
      if (!codes.has(column[row])) { misses += 1; missed = t; if (misses > 1) break; }
    }
    if (misses > 1) continue;
    for (let t = 0; t < counts.length; t += 1) {
      if (misses && t !== missed) continue;
      const code = data.traits[t].codes[row];
      counts[t].set(code, (counts[t].get(code) || 0) + 1);
    }
    if (!misses) left.push(row);
  }
  return [left, counts];
}

function leastSure(row) {
  let least = SHARES + 1;
  for (const trait of words) {
    const share = trait.shares ? trait.shares[row] : -1;
    if (share >= 0 && share < least) least = share;
  }
  return least;
}

function sortRows(left) {
  if (state.sort === "table") return left;
  if (state.sort === "name") {
    const order = new Intl.Collator("en", { numeric: true });
    return left.slice().sort((a, b) => order.compare(data.images[a], data.images[b]) || a - b);
  }
  const trait = data.traits[state.focus];
  const share = (row) => (trait ? (trait.shares ? trait.shares[row] : -1) : leastSure(row));
  const sign = state.sort === "doubt" ? 1 : -1;
  const keyed = left.map((row) => [share(row), row]);
  keyed.sort((a, b) => sign * (a[0] - b[0]) || a[1] - b[1]);
  return keyed.map(([, row]) => row);
}

function update() {
  const chosen = active >= 0 ? rows[active] : -1;
  const [left, counts] = applyFilters();
  rows = sortRows(left);
  active = rows.indexOf(chosen);
  for (const paint of facetPainters) paint(counts);
  byId("count").textContent = rows.length === shownRows.length
    ? counted(rows.length, "portrait")
    : `${rows.length.toLocaleString("en")} of ${counted(shownRows.length, "portrait")}`;
  byId("empty").hidden = rows.length > 0;
  paintChips();
  wall.scrollTop = 0;
  layOut();
}

function toggle(t, code) {
  const codes = state.chosen[t];
  if (codes.has(code)) codes.delete(code); else codes.add(code);
  if (codes.size) setFocus(t);
  update();
}

function clearFilters() {
  state.query = "";
  byId("search").value = "";
  for (const codes of state.chosen) codes.clear();
  update();
}

function paintChips() {
  const chips = [];
  state.chosen.forEach((codes, t) => {
    for (const code of codes) {
      const word = `${plainName(data.traits[t].name)}: ${valueWord(data.traits[t], code)}`;
      chips.push(make("button", { type: "button", class: "chip", "aria-label": `Take away the filter ${word}`, onclick: () => toggle(t, code) }, `${word} ×`));
    }
  });
  byId("chips").replaceChildren(...chips);
}

// ---- one trait's values as bars that filter

const facetPainters = [];

function facet(t, withHistogram) {
  const trait = data.traits[t];
  const total = new Map();
  for (const row of shownRows) total.set(trait.codes[row], (total.get(trait.codes[row]) || 0) + 1);
  const order = [...total.keys()].sort((a, b) => (a === NOTHING) - (b === NOTHING) || total.get(b) - total.get(a) || a - b);
  const most = Math.max(1, ...total.values());
  const title = make("h2", { id: `trait-${withHistogram ? "c" : "f"}-${t}` }, plainName(trait.name));
  if (trait.withheld) title.append(make("span", { class: "tag", title: trait.withheld }, "withheld"));
  const list = make("div", { role: "group", "aria-labelledby": title.id, class: trait.color ? "swatches" : "" });
  const box = make("section", { class: "trait" }, title, list);
  const few = trait.color ? FEW * 2 : FEW;
  const buttons = [];
  const add = (code) => {
    const button = trait.color && code !== NOTHING ? swatch(t, code) : bar(t, code, total.get(code) / most);
    buttons.push([button, code]);
    list.append(button);
  };
  order.slice(0, few).forEach(add);
  if (order.length > few) {
    const more = make("button", { type: "button", class: "more quiet" }, `all ${order.length} values`);
    more.addEventListener("click", () => { order.slice(few).forEach(add); more.remove(); update(); });
    box.append(more);
  }
  const repaint = withHistogram && trait.shares ? histogram(trait, box) : () => {};
  facetPainters.push((counts) => {
    for (const [button, code] of buttons) {
      const n = counts[t].get(code) || 0;
      button.setAttribute("aria-pressed", String(state.chosen[t].has(code)));
      button.classList.toggle("zero", n === 0);
      button.title = `${valueWord(trait, code)}: ${n} now, ${total.get(code)} in all`;
      if (button.lastChild && button.lastChild.className === "count") {
        button.lastChild.textContent = n.toLocaleString("en");
        button.firstChild.style.width = `${Math.max(n ? 1 : 0, (100 * n) / most)}%`;
      }
    }
    repaint();
  });
  return box;
}

function bar(t, code) {
  const trait = data.traits[t];
  return make("button", { type: "button", class: "value", "aria-pressed": "false", "data-trait": trait.name, "data-value": code === NOTHING ? "" : trait.values[code], onclick: () => toggle(t, code) },
    make("span", { class: "fill" }), make("span", { class: code === NOTHING ? "word nothing" : "word" }, valueWord(trait, code)), make("span", { class: "count" }));
}

function swatch(t, code) {
  const trait = data.traits[t];
  const color = trait.values[code];
  const button = make("button", { type: "button", class: "swatch", "aria-pressed": "false", "aria-label": `${plainName(trait.name)} ${color}`, "data-trait": trait.name, "data-value": color, onclick: () => toggle(t, code) });
  button.style.backgroundColor = /^#[0-9a-f]{6}$/.test(color) ? color : "transparent";
  return button;
}

/** Ten bars: how many answers are how sure. */
function histogram(trait, box) {
  const bars = Array.from({ length: 10 }, () => make("i"));
  const chart = make("div", { class: "histogram", role: "img" }, ...bars);
  box.append(chart, make("div", { class: "histogram-words", "aria-hidden": "true" }, make("span", {}, "unsure"), make("span", {}, "sure")));
  return () => {
    const bins = new Array(10).fill(0);
    for (const row of rows) if (trait.shares[row] >= 0) bins[Math.min(9, Math.floor((trait.shares[row] * 10) / SHARES))] += 1;
    const most = Math.max(1, ...bins);
    const words = bins.map((n, i) => `${(i / 10).toFixed(1)} to ${((i + 1) / 10).toFixed(1)}: ${n}`);
    chart.setAttribute("aria-label", `How sure: ${words.join(", ")}`);
    bars.forEach((column, i) => {
      column.title = `sure ${words[i]}`;
      column.style.height = `${bins[i] ? Math.max(3, (100 * bins[i]) / most) : 0}%`;
    });
  };
}
