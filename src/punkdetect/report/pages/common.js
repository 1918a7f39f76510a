"use strict";
// Both pages: the data, the pictures, the pixels that decided. Text reaches the page as text nodes only.

const SIDE = 24;
const MASK_BYTES = (SIDE * SIDE) / 8;
const SHARES = 10000;
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const counted = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

/** Make an element: attributes by name, properties where they start with a dot, listeners with "on". */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith(".")) element[name.slice(1)] = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const plainName = (trait) => trait.replaceAll("_", " ");
const plainShare = (share) => (share / SHARES).toFixed(2);

// ---- pictures: sheets of many portraits, drawn pixel by pixel

const sheets = data.sheets.map((url) => {
  const image = new Image();
  image.src = url;
  return image;
});

function hasPicture(row) {
  return data.pictures[row] >= 0;
}

/** Draw a portrait into the top left corner of a canvas, each pixel `scale` wide. */
function drawPicture(context, row, scale) {
  const place = data.pictures[row];
  const perSheet = data.sheet_side * data.sheet_side;
  const sheet = sheets[Math.floor(place / perSheet)];
  const left = (place % data.sheet_side) * SIDE;
  const top = Math.floor((place % perSheet) / data.sheet_side) * SIDE;
  context.imageSmoothingEnabled = false;
  context.clearRect(0, 0, SIDE * scale, SIDE * scale);
  context.drawImage(sheet, left, top, SIDE, SIDE, 0, 0, SIDE * scale, SIDE * scale);
}

// ---- evidence: a bit a pixel, a trait after the other, a portrait after the other

let evidence = null;
const masked = data.traits.reduce((n, trait) => n + (trait.mask >= 0 ? 1 : 0), 0);

async function inflateEvidence() {
  if (!data.evidence || typeof DecompressionStream === "undefined") return;
  const packed = Uint8Array.from(atob(data.evidence), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  evidence = new Uint8Array(await new Response(stream).arrayBuffer());
  data.evidence = "";
}

/** Return where a portrait's evidence for a trait begins; -1 if there is none. */
function maskStart(row, trait) {
  const place = data.pictures[row];
  if (!evidence || place < 0 || !trait || trait.mask < 0) return -1;
  const start = (place * masked + trait.mask) * MASK_BYTES;
  for (let i = start; i < start + MASK_BYTES; i += 1) if (evidence[i]) return start;
  return -1;
}

function inMask(start, y, x) {
  const bit = y * SIDE + x;
  return y >= 0 && x >= 0 && y < SIDE && x < SIDE && ((evidence[start + (bit >> 3)] >> (7 - (bit & 7))) & 1) === 1;
}

const FADE = { light: "rgba(251,250,248,.78)", dark: "rgba(20,20,22,.78)" };

/** Fade every pixel that did not decide; returns whether there was anything to show. */
function fadeOthers(context, row, trait, scale) {
  const start = maskStart(row, trait);
  if (start < 0) return false;
  context.fillStyle = FADE[document.documentElement.dataset.theme] || FADE.light;
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) if (!inMask(start, y, x)) context.fillRect(x * scale, y * scale, scale, scale);
  }
  return true;
}

/** Outline the pixels that decided: a line of the accent between two thin ones, seen on any colour. */
function outline(context, row, trait, scale) {
  const start = maskStart(row, trait);
  if (start < 0) return;
  const path = new Path2D();
  for (let y = 0; y <= SIDE; y += 1) {
    for (let x = 0; x <= SIDE; x += 1) {
      const here = inMask(start, y, x);
      if (here !== inMask(start, y - 1, x)) { path.moveTo(x * scale, y * scale); path.lineTo((x + 1) * scale, y * scale); }
      if (here !== inMask(start, y, x - 1)) { path.moveTo(x * scale, y * scale); path.lineTo(x * scale, (y + 1) * scale); }
    }
  }
  const style = getComputedStyle(document.documentElement);
  context.lineCap = "square";
  for (const [width, color] of [[5, "rgba(255,255,255,.9)"], [2.5, style.getPropertyValue("--accent").trim()]]) {
    context.lineWidth = (width * scale) / 15;
    context.strokeStyle = color;
    context.stroke(path);
  }
}

/** Draw a portrait large, with the evidence of a trait if one is given, the rest faded or not. */
function drawLarge(canvas, row, trait, fade = true) {
  const scale = canvas.width / SIDE;
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!hasPicture(row)) return;
  drawPicture(context, row, scale);
  if (fade) fadeOthers(context, row, trait, scale);
  outline(context, row, trait, scale);
}

/** Give a canvas as many pixels as the screen has under it, a whole number for each of the portrait's. */
function fitLarge(canvas, side) {
  const scale = Math.max(1, Math.round((side * (window.devicePixelRatio || 1)) / SIDE));
  if (canvas.width !== scale * SIDE) { canvas.width = scale * SIDE; canvas.height = scale * SIDE; }
}

// ---- light and dark

const THEMES = ["system", "light", "dark"];
const darkness = window.matchMedia("(prefers-color-scheme: dark)");
let theme = "system";
const onTheme = [];

function applyTheme() {
  document.documentElement.dataset.theme = theme === "system" ? (darkness.matches ? "dark" : "light") : theme;
  const button = byId("theme");
  button.textContent = `◐ ${{ system: "Auto", light: "Light", dark: "Dark" }[theme]}`;
  button.setAttribute("aria-label", `Colours: ${theme === "system" ? "as the system" : theme}`);
  for (const tell of onTheme) tell();
}

byId("theme").addEventListener("click", () => {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  applyTheme();
});
darkness.addEventListener("change", applyTheme);

byId("help").addEventListener("click", () => byId("about").showModal());

const typing = (event) => event.target.matches("input, select, textarea") || byId("about").open;
