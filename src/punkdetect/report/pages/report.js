// The report: its views, its keys, and how it begins.

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
