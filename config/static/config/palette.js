/** The command palette: the keys' commands by name, and conversations by search. */
import { newId } from "../ui/ids.js";
import { show } from "../ui/dialog.js";
import { api } from "../ui/http.js";
import { isBound, press } from "../ui/keys.js";
import { say } from "../ui/words.js";

const SEARCH_AFTER = 250;
const FOUND_AT_MOST = 6;

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  if (!document.querySelector("dialog[open]")) open();
});
document.addEventListener("click", (event) => event.target.closest("[data-palette-open]") && open());

function open() {
  const { dialog, closed } = show("palette");
  const palette = new Palette(dialog);
  closed.then(() => palette.act());
}

class Palette {
  #chosen = null;
  #timer = null;
  #requests = 0;

  constructor(dialog) {
    this.dialog = dialog;
    this.input = dialog.querySelector("[data-palette-input]");
    this.found = dialog.querySelector("[data-palette-found]");
    this.blank = dialog.querySelector("[data-palette-blank]");
    this.pattern = dialog.querySelector("[data-palette-pattern]");
    this.pattern.remove();
    this.pattern.removeAttribute("data-palette-pattern");
    this.commands = [...dialog.querySelectorAll("[data-palette-item]")];
    for (const item of this.commands) if (!isPossible(item)) item.remove();
    this.#connect();
    this.#filter();
  }

  /** Run the chosen command, now that the focus is where it was, if it is still possible. */
  act() {
    clearTimeout(this.#timer);
    if (!this.#chosen || !isPossible(this.#chosen)) return;
    const { key, href } = this.#chosen.dataset;
    if (key) press(key);
    else if (href) location.assign(href);
  }

  #connect() {
    this.input.addEventListener("input", () => this.#filter());
    this.input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) this.#walk(step);
      else if (event.key === "Enter" && !event.isComposing) this.#choose(this.#active);
      else return;
      event.preventDefault();
    });
    this.dialog.addEventListener("pointermove", ({ target }) => {
      if (this.#words || this.#active) this.#point(target.closest("[data-palette-item]"));
    });
    this.dialog.addEventListener("click", ({ target }) => this.#choose(target.closest("[data-palette-item]")));
  }

  get #words() {
    return this.input.value.trim();
  }

  get #shown() {
    return [...this.dialog.querySelectorAll("[data-palette-item]:not([hidden])")];
  }

  get #active() {
    return this.dialog.querySelector("[data-palette-item][aria-selected=true]:not([hidden])");
  }

  #choose(item) {
    if (!item) return;
    this.#chosen = item;
    this.dialog.close("");
  }

  #walk(step) {
    const all = this.#shown;
    const from = this.#active ? all.indexOf(this.#active) : Math.min(-step, 0);
    this.#point(all[(from + step + all.length) % all.length]);
    this.#active?.scrollIntoView({ block: "nearest" });
  }

  #point(item) {
    if (!item || item === this.#active) return;
    this.#unpoint();
    item.setAttribute("aria-selected", "true");
    item.id ||= `palette-${newId()}`;
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  /** Leave no entry chosen, not even a hidden one. */
  #unpoint() {
    for (const item of this.dialog.querySelectorAll("[aria-selected=true]")) item.setAttribute("aria-selected", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  #filter() {
    const words = this.#words;
    for (const item of this.commands) item.hidden = !mark(item.querySelector("[data-palette-word]"), words);
    for (const group of this.dialog.querySelectorAll("[data-palette-group]")) {
      group.hidden = !group.querySelector("[data-palette-item]:not([hidden])");
    }
    this.#show([]);
    clearTimeout(this.#timer);
    this.#requests += 1;
    if (words) this.#timer = setTimeout(() => this.#search(words, this.#requests), SEARCH_AFTER);
  }

  async #search(words, request) {
    const query = new URLSearchParams({ search: words });
    try {
      const { results } = await api("GET", `/api/v1/conversations/?${query}`);
      if (request === this.#requests) this.#show(results.slice(0, FOUND_AT_MOST), say("nothing_named", { words }));
    } catch {
      if (request === this.#requests) this.#show([], say("error_list"));
    }
  }

  /** Show the conversations found, `reason` if nothing at all is there; without words nothing is chosen. */
  #show(conversations, reason = "") {
    for (const old of this.found.querySelectorAll("[data-palette-item]")) old.remove();
    this.found.append(...conversations.map((one) => this.#entry(one)));
    this.found.hidden = !conversations.length;
    const [first] = this.#shown;
    this.blank.textContent = first ? "" : reason;
    if (!first || !this.#words) this.#unpoint();
    else if (!this.#active) this.#point(first);
  }

  #entry({ id, title, source, contact, author }) {
    const item = this.pattern.cloneNode(true);
    const isOwnChat = author && String(author.id) === document.documentElement.dataset.user;
    item.hidden = false;
    item.dataset.href = `${this.dialog.dataset[isOwnChat ? "chats" : "conversations"]}${id}/`;
    if (author) draw(item, "chat");
    const { name, phone, email } = contact ?? {};
    const who = name || phone || email;
    item.querySelector("[data-palette-word]").textContent = [who, title].filter(Boolean).join(" · ") || id;
    item.querySelector("[data-palette-hint]").textContent = source.name;
    return item;
  }
}

/** Give `item` the sprite's icon `name`. */
function draw(item, name) {
  const use = item.querySelector(".icon use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
}

/** Whether this page has the key's command and can run it now. */
function isPossible({ dataset: { key, needs } }) {
  return (!key || isBound(key)) && (!needs || Boolean(document.querySelector(needs)));
}

/** Make what is typed bold in `place`; false when it does not stand there. */
function mark(place, words) {
  const text = place.textContent;
  const at = text.toLowerCase().indexOf(words.toLowerCase());
  place.textContent = text;
  if (at === -1 || !words) return at !== -1;
  const bold = document.createElement("b");
  bold.textContent = text.slice(at, at + words.length);
  place.replaceChildren(text.slice(0, at), bold, text.slice(at + words.length));
  return true;
}
