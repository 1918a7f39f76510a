// The audit: one card a finding, a hundred at a time, filtered by kind and trait.

const STEP = 100;
const KINDS = {
  alarms: (finding) => finding.kind !== "left_out",
  contradicted: (finding) => finding.kind === "contradicted",
  not_mentioned: (finding) => finding.kind === "not_mentioned",
  left_out: (finding) => finding.kind === "left_out",
};
let kept = [];
let told = 0;

function card(finding) {
  const trait = data.traits[finding.trait];
  const canvas = make("canvas", { width: 240, height: 240, class: "squares", role: "img", "aria-label": `${data.images[finding.row]}, enlarged` });
  drawLarge(canvas, finding.row, trait, false);
  onTheme.push(() => drawLarge(canvas, finding.row, trait, false));
  const silent = finding.kind !== "contradicted";
  const claim = silent
    ? make("dd", { class: "said" }, "not mentioned")
    : make("dd", {}, make("span", { class: "claimed" }, finding.claimed.map(plainName).join(" or ") || "something else"),
      make("span", { class: "said" }, ` \u201c${finding.words}\u201d`));
  const sure = (finding.sure * 100).toFixed(0);
  return make("li", { class: "card" }, canvas, make("div", {},
    make("h2", {}, data.images[finding.row]),
    make("dl", {},
      make("dt", {}, "trait"), make("dd", {}, plainName(trait.name)),
      make("dt", {}, "words"), claim,
      make("dt", {}, "pixels"), make("dd", { class: "shown" }, plainName(finding.shown)),
      make("dt", {}, "sure"), make("dd", {}, `${sure} %`)),
    make("div", { class: "meter", "aria-hidden": "true" }, make("span", { ".style": `width:${sure}%` }))));
}

function tellMore() {
  byId("findings").append(...kept.slice(told, told + STEP).map(card));
  told = Math.min(kept.length, told + STEP);
  byId("more").hidden = told >= kept.length;
  byId("more").textContent = `${kept.length - told} more`;
}

function filter() {
  const trait = byId("trait").value;
  kept = data.findings.filter((f) => KINDS[byId("kind").value](f) && (!trait || data.traits[f.trait].name === trait));
  told = 0;
  onTheme.length = 0;
  byId("findings").replaceChildren();
  byId("empty").hidden = kept.length > 0;
  const pictures = new Set(kept.map((finding) => finding.row)).size;
  byId("count").textContent = `${counted(kept.length, "finding")} on ${counted(pictures, "portrait")}`;
  tellMore();
}

for (const trait of data.traits) byId("trait").append(make("option", { value: trait.name }, plainName(trait.name)));
for (const name of ["kind", "trait"]) byId(name).addEventListener("change", filter);
byId("more").addEventListener("click", tellMore);

if (data.unaudited.length) {
  byId("unaudited").hidden = false;
  byId("unaudited").querySelector("summary").textContent = `${data.unaudited.length.toLocaleString("en")} of the pictures and words could not be held against each other`;
  byId("unaudited").querySelector("ul").append(
    ...data.unaudited.map(([name, kind, why]) => make("li", {}, [name, plainName(kind), why].filter(Boolean).join(": "))));
}

Promise.all([inflateEvidence(), ...sheets.map((image) => image.decode())]).then(() => {
  applyTheme();
  filter();
  document.documentElement.dataset.ready = "yes";
});
