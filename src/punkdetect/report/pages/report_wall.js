// The report's wall of portraits, of which only those that can be seen exist, and the one that is large.

const OVERSCAN = 3; // lines of portraits kept ready above and below what is seen
const PAD = 12;

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
