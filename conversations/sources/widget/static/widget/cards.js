/* Cards of a message: tables, pictures, links, and choices that the visitor takes by pressing.

   A card is built once: what changes is only which choices are open, so that nothing is announced twice. */
import { clientIdOf } from "../conversations/choices.js";
import { placeOf } from "../conversations/place.js";
import { renewable } from "../ui/lightbox.js";
import { address, renewed } from "./attachments.js";
import { icon, make } from "./dom.js";

const ABREAST = 3; // buttons that stand beside one another
const BUILDERS = { table, list: choices, buttons: choices, image, link };

/** Return what the drawing of cards depends on; links differ every time and change nothing. */
export function cardsSignature({ cards }) {
  return (cards ?? []).map(({ file, chosen: _, ...card }) => [card, file?.id]);
}

/** Return a node with the cards of ``message``, or null; ``choose`` takes what is pressed. */
export function cardsNode(message, { labels, renew, choose }) {
  const shown = (message.cards ?? []).map((card, number) => BUILDERS[card.type]?.(card, { message, number, labels, renew, choose }));
  return shown.some(Boolean) ? make("div", "message__body", {}, ...shown) : null;
}

/** Return all files that ``message`` shows. */
export function filesOf({ attachments, cards }) {
  return [...attachments, ...cards.flatMap((card) => card.file ?? [])];
}

/**
 * Return whether what ``message`` offers is open and which of it is on its way: ``said`` is the place of
 * the visitor's newest message, ``waiting`` are those that the server does not have.
 */
export function offerOf(message, { said, waiting }) {
  const leaving = waiting.filter((entry) => !entry.failed);
  const choice = leaving.find((entry) => entry.choice?.message === message.id)?.choice;
  return { isOpen: placeOf(message) > said && !leaving.length, busy: choice ? `${choice.card}:${choice.option}` : null };
}

/** Show which choices are open, which is on its way (``busy``: "card:option"), and which was taken. */
export function drawChoices(node, { cards }, { isOpen, busy }) {
  for (const button of node?.querySelectorAll(".choice") ?? []) {
    const [card, option] = button.dataset.choice.split(":").map(Number);
    const { chosen } = cards[card];
    const isChosen = chosen === option;
    button.disabled = !isOpen || busy !== null || chosen !== undefined;
    button.setAttribute("aria-pressed", String(isChosen));
    button.toggleAttribute("aria-busy", false);
    if (busy === button.dataset.choice && !isChosen) button.setAttribute("aria-busy", "true");
    const sign = isChosen ? "check" : button.closest(".choices--buttons") ? "" : "right";
    if (button.dataset.sign === sign) continue;
    button.dataset.sign = sign;
    button.querySelector("svg")?.remove();
    if (sign) button.append(icon(sign));
  }
}

function words(tag, className, text) {
  return text ? make(tag, className, { dir: "auto" }, text) : null;
}

/** Return a card with its head; a reader hears its title as its name. */
function framed(card, { message, number }, label, ...children) {
  const key = `card-${message.id}-${number}`;
  const title = card.title ? make("b", "card__title", { id: key, dir: "auto" }, card.title) : null;
  const name = title ? { "aria-labelledby": key } : { "aria-label": label };
  const head = title ? make("header", "card__head", {}, title) : null;
  const node = make("section", `card card--${card.type}`, name, head, words("p", "card__text", card.text), ...children);
  return { node, name };
}

function table(card, place) {
  const numbers = new Set(card.numbers);
  const cell = (tag, scope) => (text, at) => make(tag, numbers.has(at) ? "card__num" : "", { dir: "auto", scope }, text);
  const line = (row, tag = "td", scope = null) => make("tr", "", {}, ...row.map(cell(tag, scope)));
  const { labels } = place;
  const shown = make(
    "table",
    "card__table",
    {},
    make("thead", "", {}, line(card.columns, "th", "col")),
    make("tbody", "", {}, ...card.rows.map((row) => line(row))),
    card.total ? make("tfoot", "", {}, line(card.total)) : null,
  );
  const scroll = make("div", "card__scroll", { tabindex: "0", role: "region" }, shown);
  const { node, name } = framed(card, place, labels.table, scroll);
  for (const [attribute, value] of Object.entries(name)) scroll.setAttribute(attribute, value);
  return node;
}

function choices(card, place) {
  const options = card.items ?? card.buttons;
  const isAbreast = card.type === "buttons" && options.length <= ABREAST;
  const shown = options.map((option, at) => make("li", "", {}, choice(option, at, place)));
  return framed(card, place, place.labels.choices, make("ul", isAbreast ? "choices choices--buttons" : "choices", {}, ...shown)).node;
}

function choice({ title, value, description, note }, option, { message, number, choose }) {
  const chosen = { message: message.id, card: number, option };
  const click = () => choose({ text: value ?? title, client_id: clientIdOf(chosen), choice: chosen });
  const inside = [make("b", "", { dir: "auto" }, title), words("small", "", description), words("span", "choice__value", note)];
  return make("button", "choice", { click, "data-choice": `${number}:${option}` }, ...inside);
}

function image(card, { renew }) {
  const { file } = card;
  if (!file) return null;
  const shown = (one) => one.preview_url ?? one.url;
  const name = card.title ?? file.name;
  const picture = make("img", "", { src: shown(file), alt: name, loading: "lazy" });
  renewed(picture, () => renew(file.id).then(shown));
  const opened = make("a", "card__picture", { target: "_blank", rel: "noopener", "aria-haspopup": "dialog", "data-picture": file.id }, picture);
  const addressed = (one) => address(opened, { ...one, name });
  addressed(file);
  renewable(opened, () => renew(file.id).then(addressed));
  const said = card.title || card.text ? make("figcaption", "", {}, words("b", "card__title", card.title), words("span", "", card.text)) : null;
  return make("figure", "card card--image", {}, opened, said);
}

function link({ title, text, url, host }) {
  const where = make("span", "card__host", {}, icon("external", "icon icon--xs"), make("bdi", "", {}, host ?? ""));
  const about = make("span", "card__about", {}, words("span", "card__title", title), words("span", "card__lines", text), where);
  return make("a", "card card--link", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, about);
}
