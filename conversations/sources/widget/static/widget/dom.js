/* Small helpers for building the widget's elements. */
import { began, longDay, timeOfDay } from "../ui/format.js";

const SVG = "http://www.w3.org/2000/svg";
let sprite = document.body.dataset.sprite;

/** Store the icons in the page, so that they can be drawn without a network, too. */
export async function keepIcons() {
  const answer = await fetch(sprite);
  const symbols = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  symbols.setAttribute("hidden", "");
  document.body.append(document.adoptNode(symbols));
  for (const use of document.querySelectorAll("use")) use.setAttribute("href", use.getAttribute("href").replace(sprite, ""));
  sprite = "";
}

/** Return a sentence of the product, which is stored in English, in the page's language; another text as it is. */
export function sentence(text, { sentences }) {
  return Object.hasOwn(sentences, text) ? sentences[text] : text;
}

/** Return an element with a class, properties or attributes, and children (null is skipped). */
export function make(tag, className = "", attributes = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (tag === "button") made.type = "button";
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function icon(name, className = "icon icon--sm") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

export function time(at) {
  const date = new Date(at);
  return make("time", "", { datetime: date.toISOString() }, timeOfDay(date));
}

/** Return the time of what was today, else the day. */
export function timeOrDay(at) {
  const date = new Date(at);
  return make("time", "", { datetime: date.toISOString() }, began(date));
}

/** Return when the day of ``at`` began, for the reader. */
export function dayOf(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}

export function dayName(at, today) {
  return dayOf(at) === dayOf(Date.now()) ? today : longDay(new Date(at));
}

/** Return the messages that begin a day; an answer finished after midnight may stand above what was written before. */
export function newDays(messages) {
  const beginning = new Set();
  let latest = null;
  for (const message of messages) {
    const day = dayOf(message.created_at);
    if (latest === null ? day !== dayOf(Date.now()) : day > latest) beginning.add(message);
    latest = Math.max(latest, day);
  }
  return beginning;
}

/** Make ``nodes`` the children of ``parent``, changing only what differs. */
export function arrange(parent, nodes) {
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
  while (parent.children.length > nodes.length) parent.lastElementChild.remove();
}

export const initial = (name) => ([...(name ?? "").trim()][0] ?? "?").toUpperCase();

export function avatar({ kind, name, picture }, size = "") {
  const classes = `avatar ${kind === "assistant" ? "avatar--assistant" : "avatar--e"} ${size}`;
  if (picture) return make("img", classes, { src: picture, alt: "" });
  return make("span", classes, { "aria-hidden": "true" }, initial(name));
}
