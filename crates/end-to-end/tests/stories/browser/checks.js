// What is wrong with the page that is shown, for somebody who listens to it, uses keys only, or has a small phone. The rules
// are those of WCAG 2.2 that a program can decide. Returns a list of sentences.
const found = [];
const wrong = (element, what) => {
  const words = element ? element.outerHTML.slice(0, 160).replace(/\s+/g, " ") : "the page";
  found.push(`${what}: ${words}`);
};
const shown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
const text = (element) => (element?.textContent ?? "").trim();
const byIds = (ids) => ids.split(/\s+/).map((id) => text(document.getElementById(id))).join(" ").trim();

// ---- the page as a whole
if (!/^(it|en)$/.test(document.documentElement.lang)) wrong(document.documentElement.firstElementChild, "no language");
if (!document.title.trim()) wrong(null, "no title");
if (all("main").length !== 1) wrong(null, "not one main");
if (all("h1").length !== 1) wrong(null, "not one h1");
let level = 0;
for (const heading of all("h1,h2,h3,h4,h5,h6")) {
  const own = Number(heading.tagName[1]);
  if (own > level + 1) wrong(heading, `a heading after level ${level}`);
  level = own;
  if (!text(heading)) wrong(heading, "an empty heading");
}
const ids = new Set();
for (const element of document.querySelectorAll("[id]")) {
  if (ids.has(element.id)) wrong(element, "an id that is there twice");
  ids.add(element.id);
}
for (const attribute of ["aria-describedby", "aria-labelledby", "aria-controls", "for"]) {
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    for (const id of element.getAttribute(attribute).split(/\s+/)) {
      if (!ids.has(id)) wrong(element, `${attribute} names nothing`);
    }
  }
}
for (const element of document.querySelectorAll("[tabindex]")) {
  if (element.tabIndex > 0) wrong(element, "an order of its own");
}

// ---- names
const name = (element) => {
  const labelled = element.getAttribute("aria-labelledby");
  if (labelled) return byIds(labelled);
  const label = element.getAttribute("aria-label");
  if (label) return label.trim();
  const labels = [...(element.labels ?? [])].map(text).join(" ").trim();
  return labels || text(element) || element.getAttribute("title") || text(element.querySelector("svg title")) ||
    element.querySelector("img")?.alt || "";
};
for (const element of all("input:not([type=hidden]),select,textarea,button,a[href],summary,meter,progress,[role=button],[role=region],nav")) {
  if (!name(element)) wrong(element, "nothing says what it is");
}
for (const image of all("img")) if (!image.hasAttribute("alt")) wrong(image, "a picture without words");
for (const picture of all("svg")) {
  const hidden = picture.getAttribute("aria-hidden") === "true";
  if (!hidden && !(picture.getAttribute("role") === "img" && name(picture))) wrong(picture, "a drawing without words");
}
for (const list of all("ul,ol")) {
  for (const child of list.children) if (!/^(LI|SCRIPT|TEMPLATE)$/.test(child.tagName)) wrong(child, "no item of its list");
}
for (const table of all("table")) if (!table.querySelector("th")) wrong(table, "a table without headings");
for (const box of all("*")) {
  const style = getComputedStyle(box);
  const scrolls = /(auto|scroll)/.test(style.overflowX) && box.scrollWidth > box.clientWidth + 1;
  const reached = box.tabIndex >= 0 || box.querySelector("a[href],button,input,select,textarea");
  if (scrolls && !reached && box !== document.documentElement && box !== document.body) wrong(box, "keys cannot scroll it");
}

// ---- sizes
const width = document.documentElement.clientWidth;
if (document.scrollingElement.scrollWidth > width + 1) {
  const wide = all("body *").filter((element) => element.getBoundingClientRect().right > width + 1);
  wrong(wide.at(-1) ?? null, `wider than the window (${document.scrollingElement.scrollWidth} > ${width})`);
}
for (const target of all("button,.button,select,input:not([type=hidden])")) {
  const box = target.getBoundingClientRect();
  const label = target.labels?.[0]?.getBoundingClientRect();
  if (Math.max(box.height, label?.height ?? 0) < 24 || Math.max(box.width, label?.width ?? 0) < 24) wrong(target, "too small to touch");
}

// ---- contrast
const color = (value) => {
  const canvas = color.canvas ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = value;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
};
const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
const behind = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) layers.push(color(getComputedStyle(at).backgroundColor));
  const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
  return layers.reverse().reduce((under, layer) => over(layer, under), canvas);
};
const light = ([r, g, b]) => {
  const part = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = new Set();
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const element = node.parentElement;
  if (!node.data.trim() || seen.has(element) || !shown(element) || element.closest("script,style,svg,.unseen,.skip,:disabled")) continue;
  seen.add(element);
  const style = getComputedStyle(element);
  const ground = behind(element);
  const [one, other] = [light(over(color(style.color), ground)), light(ground)].sort((a, b) => b - a);
  const ratio = (one + 0.05) / (other + 0.05);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (large ? 3 : 4.5)) wrong(element, `too pale (${ratio.toFixed(2)})`);
}
return found;
