// Elements are made here and never from text: whatever a registry holds cannot become markup.
export function h(name, properties, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") Object.assign(element.style, value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== undefined && child !== null && child !== false));
  return element;
}

export function announce(text) { document.getElementById("announcer").textContent = text; }

const units = ["B", "kB", "MB", "GB", "TB"];
export function size(bytes) {
  let value = bytes, unit = 0;
  while (value >= 999.5 && unit < units.length - 1) { value /= 1000; unit++; }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toPrecision(3).replace(/\.?0+$/, "")} ${units[unit]}`;
}

export const counted = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

const steps = [[60, "second"], [60, "minute"], [24, "hour"], [30, "day"], [12, "month"], [Infinity, "year"]];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
export function ago(milliseconds) {
  let value = (milliseconds - Date.now()) / 1000;
  if (value > -10) return "just now";
  for (const [length, unit] of steps) {
    if (Math.abs(value) < length) return words.format(Math.round(value), unit);
    value /= length;
  }
}

export function time(milliseconds) {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : h("time", { datetime: date.toISOString(), title: date.toLocaleString() }, ago(milliseconds));
}

export const shortDigest = digest => { const [algorithm, hex] = digest.split(":"); return `${algorithm}:${hex.slice(0, 12)}`; };

export function command(text) {
  const button = h("button", { type: "button", "aria-label": `Copy: ${text}`, onclick: copy }, "Copy");
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed without HTTPS on another machine: select it, so that one key copies it.
      getSelection().selectAllChildren(code);
      announce("Selected; press Control-C to copy");
      return;
    }
    button.textContent = "Copied";
    announce("Copied to the clipboard");
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  }
  const code = h("code", { tabindex: "0" }, text);
  return h("div", { class: "command" }, code, button);
}

export const card = (title, note, ...content) =>
  h("section", { class: "card", "aria-label": title }, h("header", null, h("h2", null, title), note && h("span", { class: "soft num" }, note)), ...content);

export const facts = pairs => h("dl", { class: "facts" }, pairs.filter(([, value]) => value).map(([name, value]) => [h("dt", null, name), h("dd", null, value)]));

export function crumbs(...parts) {
  return h("nav", { "aria-label": "Where you are" }, h("ol", { class: "crumbs" }, parts.map(([text, href]) => h("li", null, href ? h("a", { href }, text) : text))));
}

export const notice = (title, ...content) => h("div", { class: "notice" }, h("h1", null, title), ...content);
