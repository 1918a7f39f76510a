// The report: filters that are charts, a wall of portraits of which only the visible ones exist, one of them large.

const N = data.images.length;
const NOTHING = -1; // value code of "nothing found"
const OVERSCAN = 3; // lines of portraits kept ready above and below what is seen
const FEW = 12; // values of a trait shown before "all values"
const PAD = 12;
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
    ? `${rows.length.toLocaleString("en")} portraits`
    : `${rows.length.toLocaleString("en")} of ${shownRows.length.toLocaleString("en")} portraits`;
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

// ---- the wall: one element for each portrait that can be seen

const wall = byId("portraits");
const spacer = byId("spacer");
const pool = [];
let columns = 1;
let pixel = 4;
let cardWidth = 0;
let cardHeight = 0;

function layOut() {
  pixel = Number(byId("size").value);
  cardWidth = SIDE * pixel + 8;
  cardHeight = SIDE * pixel + 8 + (pixel > 1 ? 18 : 0);
  columns = Math.max(1, Math.floor((wall.clientWidth - 2 * PAD) / (cardWidth + 4)));
  spacer.style.height = `${Math.ceil(rows.length / columns) * (cardHeight + 4) + 2 * PAD}px`;
  for (const card of pool) card.at = -1;
  paintWall();
}

function newCard() {
  const canvas = make("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  const card = { at: -1, canvas, pic: make("div", { class: "pic squares" }, canvas), name: make("div", { class: "name" }) };
  card.element = make("div", { class: "card", role: "option", "aria-selected": "false" }, card.pic, card.name);
  card.element.addEventListener("pointerenter", () => { if (card.at >= 0) paintCanvas(card, true); });
  card.element.addEventListener("pointerleave", () => { if (card.at >= 0) paintCanvas(card, false); });
  card.element.addEventListener("click", () => { if (card.at >= 0) choose(card.at); });
  wall.append(card.element);
  pool.push(card);
  return card;
}

function paintWall() {
  const step = cardHeight + 4;
  const first = Math.max(0, Math.floor((wall.scrollTop - PAD) / step) - OVERSCAN) * columns;
  const end = Math.min(rows.length, (Math.ceil((wall.scrollTop + wall.clientHeight) / step) + OVERSCAN) * columns);
  const free = [];
  const kept = new Set();
  for (const card of pool) {
    if (card.at >= first && card.at < end && card.row === rows[card.at]) kept.add(card.at); else free.push(card);
  }
  for (let at = first; at < end; at += 1) if (!kept.has(at)) fillCard(free.pop() || newCard(), at);
  for (const card of free) { card.at = -1; card.element.hidden = true; }
  if (active >= first && active < end) wall.setAttribute("aria-activedescendant", `card-${active}`);
  else wall.removeAttribute("aria-activedescendant");
}

function fillCard(card, at) {
  const row = rows[at];
  card.at = at;
  card.row = row;
  const { element } = card;
  element.hidden = false;
  element.id = `card-${at}`;
  element.style.width = `${cardWidth}px`;
  element.style.height = `${cardHeight}px`;
  element.style.transform = `translate(${PAD + (at % columns) * (cardWidth + 4)}px, ${PAD + Math.floor(at / columns) * (cardHeight + 4)}px)`;
  element.setAttribute("aria-setsize", rows.length);
  element.setAttribute("aria-posinset", at + 1);
  element.setAttribute("aria-selected", String(at === active));
  element.setAttribute("aria-label", cardLabel(row));
  card.pic.style.width = card.pic.style.height = card.canvas.style.width = card.canvas.style.height = `${SIDE * pixel}px`;
  card.name.hidden = pixel < 2;
  card.name.replaceChildren(make("bdi", {}, shortName(data.images[row])));
  const share = shareShown(row);
  if (share) card.name.prepend(make("span", { class: "sure" }, `${share} `));
  card.canvas.hidden = !hasPicture(row);
  card.pic.querySelector(".none")?.remove();
  if (!hasPicture(row)) card.pic.append(make("div", { class: "none" }, "no picture"));
  element.title = data.images[row];
  paintCanvas(card, element.matches(":hover"));
}

/** The confidence that the wall is sorted by, in words; nothing under another order. */
function shareShown(row) {
  if (state.sort !== "doubt" && state.sort !== "sure") return "";
  const trait = data.traits[state.focus];
  const share = trait ? (trait.shares ? trait.shares[row] : -1) : leastSure(row);
  return share >= 0 && share <= SHARES ? plainShare(share) : "";
}

function cardLabel(row) {
  const trait = data.traits[state.focus];
  return trait ? `${data.images[row]}, ${plainName(trait.name)} ${valueWord(trait, trait.codes[row])}` : data.images[row];
}

function paintCanvas(card, hovered) {
  if (!hasPicture(card.row)) return;
  const context = card.canvas.getContext("2d");
  drawPicture(context, card.row, 1);
  if (hovered) fadeOthers(context, card.row, data.traits[state.focus], 1);
}

function choose(at) {
  const before = pool.find((card) => card.at === active);
  if (before) before.element.setAttribute("aria-selected", "false");
  active = Math.max(0, Math.min(rows.length - 1, at));
  if (!rows.length) return;
  const top = PAD + Math.floor(active / columns) * (cardHeight + 4);
  const wasOpen = !byId("inspector").hidden;
  paintInspector();
  if (!wasOpen) layOut();
  if (top < wall.scrollTop + PAD) wall.scrollTop = Math.max(0, top - PAD);
  else if (top + cardHeight + PAD > wall.scrollTop + wall.clientHeight) wall.scrollTop = top + cardHeight + PAD - wall.clientHeight;
  paintWall();
  const card = pool.find((other) => other.at === active);
  if (card) card.element.setAttribute("aria-selected", "true");
}

// ---- one portrait, large

const large = byId("large");

function paintInspector() {
  const row = rows[active];
  byId("inspector").hidden = false;
  byId("chosen").replaceChildren(make("bdi", {}, data.images[row]));
  const items = data.traits.map((trait, t) => answerLine(trait, t, row));
  if (data.messages[row]) items.unshift(make("li", { class: "note" }, `${data.statuses[row]}: ${data.messages[row]}`));
  byId("answers").replaceChildren(...items);
  paintLarge(pinned);
}

function answerLine(trait, t, row) {
  const code = trait.codes[row];
  const share = trait.shares ? trait.shares[row] : -1;
  const value = code === NOTHING ? make("span", { class: "nothing" }, "nothing found") : make("span", { class: "word" });
  if (code !== NOTHING) {
    if (trait.color && /^#[0-9a-f]{6}$/.test(trait.values[code])) {
      const dot = make("span", { class: "dot" });
      dot.style.backgroundColor = trait.values[code];
      value.append(dot);
    }
    value.append(valueWord(trait, code));
  }
  if (trait.withheld) value.append(" ", make("span", { class: "tag", title: trait.withheld }, "withheld"));
  const shown = () => paintLarge(trait);
  return make("li", {}, make("button", {
    type: "button", "aria-pressed": String(pinned === trait), "data-trait": trait.name,
    title: maskStart(row, trait) >= 0 ? "shows the pixels that decided; a click keeps them shown" : "no pixels to show",
    onpointerenter: shown, onfocus: shown, onpointerleave: () => paintLarge(pinned), onblur: () => paintLarge(pinned),
    onclick: (event) => {
      pinned = pinned === trait ? null : trait;
      for (const button of byId("answers").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.currentTarget && pinned !== null));
      setFocus(t);
      paintLarge(pinned || trait);
    },
  }, make("span", { class: "trait-name" }, plainName(trait.name)), value,
  make("span", { class: share >= 0 && share < SHARES / 2 ? "share low" : "share" }, share >= 0 ? plainShare(share) : "")));
}

function paintLarge(trait) {
  lit = trait;
  if (active < 0) return;
  const row = rows[active];
  fitLarge(large, large.clientWidth || 360);
  drawLarge(large, row, trait);
  large.setAttribute("aria-label", `${data.images[row]}, enlarged${trait ? `, with the pixels that decided ${plainName(trait.name)}` : ""}`);
}

large.parentElement.classList.add("squares");
large.addEventListener("pointermove", (event) => {
  if (active < 0 || !hasPicture(rows[active])) return;
  const box = large.getBoundingClientRect();
  const x = Math.min(SIDE - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * SIDE)));
  const y = Math.min(SIDE - 1, Math.max(0, Math.floor(((event.clientY - box.top) / box.height) * SIDE)));
  const probe = make("canvas", { width: SIDE, height: SIDE }).getContext("2d");
  drawPicture(probe, rows[active], 1);
  const [red, green, blue, alpha] = probe.getImageData(x, y, 1, 1).data;
  const hex = [red, green, blue].map((n) => n.toString(16).padStart(2, "0")).join("");
  byId("pixel").textContent = `row ${y}, column ${x}: ${alpha ? `#${hex}` : "transparent"}`;
  byId("answers").querySelectorAll("button").forEach((button, t) => {
    const start = maskStart(rows[active], data.traits[t]);
    button.classList.toggle("lit", start >= 0 && inMask(start, y, x));
  });
});
large.addEventListener("pointerleave", () => {
  byId("pixel").textContent = " ";
  for (const button of byId("answers").querySelectorAll(".lit")) button.classList.remove("lit");
});

function closeInspector() {
  byId("inspector").hidden = true;
  layOut();
  wall.focus({ preventScroll: true });
}

// ---- views

function showView(name) {
  for (const button of document.querySelectorAll("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
  for (const view of document.querySelectorAll(".view")) view.hidden = view.id !== `view-${name}`;
  if (name === "portraits") layOut();
}

function table(list) {
  return make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "picture"), make("th", { scope: "col" }, "what"), make("th", { scope: "col" }, "why"))),
    make("tbody", {}, ...list.map((row) => make("tr", {}, make("td", {}, make("bdi", {}, data.images[row])),
      make("td", {}, lost.has(row) ? "not found now" : data.statuses[row]), make("td", {}, data.messages[row] || "")))));
}

function fillErrors() {
  const box = byId("view-errors");
  const groups = new Map();
  for (const row of failed) {
    const key = lost.has(row) ? "not found now" : data.statuses[row];
    groups.set(key, [...(groups.get(key) || []), row]);
  }
  if (!groups.size) box.append(make("p", {}, "Every picture was read: there is nothing to list here."));
  for (const [key, list] of [...groups].sort((a, b) => b[1].length - a[1].length)) {
    box.append(make("h2", {}, `${key} (${list.length})`), table(list));
  }
}

function setFocus(t) {
  state.focus = t;
  byId("focus").value = String(t);
}

// ---- keys

function walk(event) {
  const page = Math.max(1, Math.floor(wall.clientHeight / (cardHeight + 4))) * columns;
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (event.key in steps && rows.length) {
    const to = (active < 0 ? (steps[event.key] > 0 && event.key !== "End" ? 0 : active + steps[event.key]) : active + steps[event.key]);
    choose(to);
    event.preventDefault();
  } else if (event.key === "Enter" && active >= 0) {
    byId("answers").querySelector("button")?.focus();
    event.preventDefault();
  }
}

wall.addEventListener("keydown", walk);
byId("answers").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...byId("answers").querySelectorAll("button")];
  buttons[buttons.indexOf(document.activeElement) + step]?.focus();
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !typing(event)) { byId("search").focus(); event.preventDefault(); }
  else if (event.key === "?" && !typing(event)) byId("about").showModal();
  else if (event.key === "Escape" && !byId("about").open) {
    if (document.activeElement === wall || document.activeElement === document.body) {
      if (!byId("inspector").hidden) closeInspector(); else clearFilters();
    } else wall.focus({ preventScroll: true });
    event.preventDefault();
  }
});

// ---- begin

const coming = { scroll: 0 };
wall.addEventListener("scroll", () => { coming.scroll ||= requestAnimationFrame(() => { coming.scroll = 0; paintWall(); }); }, { passive: true });
new ResizeObserver(() => { if (!byId("view-portraits").hidden) layOut(); }).observe(wall);
byId("search").addEventListener("input", (event) => { state.query = event.target.value; update(); });
byId("sort").addEventListener("change", (event) => { state.sort = event.target.value; update(); });
byId("focus").addEventListener("change", (event) => { state.focus = Number(event.target.value); update(); });
byId("size").addEventListener("input", layOut);
byId("clear").addEventListener("click", clearFilters);
byId("close").addEventListener("click", closeInspector);
byId("open-facets").addEventListener("click", (event) => {
  const open = byId("open-facets").parentElement.classList.toggle("open");
  event.currentTarget.setAttribute("aria-expanded", String(open));
  layOut();
});
for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => showView(button.dataset.view));
onTheme.push(() => { for (const card of pool) if (card.at >= 0) paintCanvas(card, false); if (!byId("inspector").hidden) paintLarge(lit); });

byId("n-portraits").textContent = shownRows.length.toLocaleString("en");
byId("n-errors").textContent = failed.length.toLocaleString("en");
byId("focus").append(make("option", { value: "-1" }, "any trait"), ...data.traits.map((trait, t) => make("option", { value: t }, plainName(trait.name))));
setFocus(state.focus);
byId("facets").append(...data.traits.map((trait, t) => facet(t, false)));
byId("charts").append(...data.traits.map((trait, t) => facet(t, true)));
const withheld = Object.entries(data.withheld);
if (withheld.length) {
  byId("withheld").append(make("details", { class: "withheld" }, make("summary", {}, `${withheld.length} traits say nothing here`),
    make("ul", {}, ...withheld.map(([name, why]) => make("li", {}, `${plainName(name)}: ${why}`)))));
}
const changed = Object.entries(data.changed);
if (changed.length) {
  byId("notes").append(make("p", {}, `The detectors of today say something else than the table in some portraits, whose pixels are not shown: ${changed.map(([name, n]) => `${plainName(name)} in ${n}`).join(", ")}.`));
}
fillErrors();
if (!shownRows.length) {
  byId("empty-words").textContent = "There is no portrait to show.";
  byId("clear").hidden = true;
}
applyTheme();
Promise.all([inflateEvidence(), ...sheets.map((image) => image.decode())]).then(() => {
  update();
  document.documentElement.dataset.ready = "yes";
});
