/** The dialog in which a template is chosen, filled in and sent. */
import { newId } from "../ui/ids.js";
import { isFilled } from "../ui/field.js";
import { api } from "../ui/http.js";
import { say } from "../ui/words.js";
import { isClosed, reopen } from "../conversations/closed.js";

const SLOT = /\{\{(\w+)\}\}/g;
const MOST_PAGES = 20;

document.addEventListener("click", (event) => {
  const thread = document.querySelector("[data-thread]");
  if (!event.target.closest("[data-template]") || !thread) return;
  const template = document.querySelector("template[data-template-dialog]");
  if (template) open(template, thread.dataset.thread);
});

function open(template, conversation) {
  const dialog = template.content.querySelector("dialog").cloneNode(true);
  const before = document.activeElement;
  document.body.append(dialog);
  dialog.showModal();
  const picker = new Picker(dialog, conversation);
  dialog.querySelector("[data-picker-search]").focus();
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus();
  });
  picker.load();
}

class Picker {
  #all = [];
  #chosen = null;
  #clientId = newId();

  constructor(dialog, conversation) {
    this.dialog = dialog;
    this.conversation = conversation;
    this.url = `/api/v1/conversations/${conversation}`;
    this.reopens = isClosed();
    for (const name of ["search", "language", "list", "empty", "none", "chosen", "fields", "preview", "error", "send"]) {
      this[name] = dialog.querySelector(`[data-picker-${name}]`);
    }
    if (this.reopens) this.send.textContent = say("reopen_and_send");
    this.search.addEventListener("input", () => this.#draw());
    this.language.addEventListener("change", () => this.#draw());
    this.list.addEventListener("keydown", (event) => this.#walk(event));
    this.search.addEventListener("keydown", (event) => this.#enter(event));
    this.fields.addEventListener("input", () => this.#preview());
    dialog.querySelector("[data-picker]").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    for (const button of dialog.querySelectorAll("[data-picker-close]")) {
      button.addEventListener("click", () => dialog.close());
    }
  }

  /** Fetch all templates, page by page. */
  async load() {
    let url = `${this.url}/templates/?limit=100`;
    try {
      for (let page = 0; url && page < MOST_PAGES; page += 1) {
        const { results, next } = await api("GET", url);
        this.#all.push(...results);
        url = next && (next.includes("/") ? next : `${this.url}/templates/?limit=100&cursor=${encodeURIComponent(next)}`);
      }
    } catch {
      this.#empty("failed");
      return;
    }
    for (const name of new Set(this.#all.map(({ language }) => language))) this.language.append(new Option(name, name));
    this.#draw();
  }

  #say(key, values = {}) {
    const word = this.dialog.querySelector("[data-picker-words]").content.querySelector(`[data-word="${key}"]`);
    return word.textContent.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  #empty(key) {
    this.empty.textContent = key ? this.#say(key) : "";
    this.empty.hidden = !key;
  }

  #draw() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.#all.filter((one) => {
      const text = `${one.name} ${one.name.replaceAll("_", " ")} ${one.text}`.toLowerCase();
      return (!this.language.value || one.language === this.language.value) && words.every((word) => text.includes(word));
    });
    this.list.replaceChildren(...found.map((one) => this.#row(one)));
    const first = this.list.querySelector('[aria-checked="true"]') ?? this.list.querySelector("button:not(:disabled)");
    if (first) first.tabIndex = 0;
    this.#empty(found.length ? "" : this.#all.length ? "none" : "never");
  }

  #row(one) {
    const row = document.createElement("li");
    const button = document.createElement("button");
    const isChosen = one === this.#chosen;
    Object.assign(button, { type: "button", className: "picker__row", tabIndex: -1, disabled: !one.is_approved });
    button.setAttribute("role", "radio");
    button.setAttribute("aria-checked", String(isChosen));
    button.append(text("b", one.name.replaceAll("_", " "), "picker__name truncate"), text("span", one.language, "badge"));
    const why = one.is_approved ? one.preview : this.#say("not_approved", { status: one.status.toLowerCase() });
    button.append(text("span", why.replace(/\n{2,}/g, " · ").replace(/\s+/g, " "), "picker__text truncate"));
    button.addEventListener("click", () => this.#choose(one));
    row.setAttribute("role", "none");
    row.append(button);
    return row;
  }

  #choose(one) {
    this.#chosen = one;
    this.#clientId = newId();
    this.none.hidden = true;
    this.chosen.hidden = false;
    this.#refuse("");
    this.fields.replaceChildren(...one.parameters.map((slot) => this.#field(slot)));
    this.send.disabled = Boolean(one.file);
    if (one.file) this.#refuse(this.#say("needs_file"));
    this.#preview();
    this.#draw();
    const first = this.fields.querySelector("input");
    (first ?? (one.file ? this.search : this.send)).focus();
  }

  #field({ name, example }) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    const isNumbered = /^\d+$/.test(name);
    const title = name === "header" ? this.#say("header") : isNumbered ? this.#say("field", { name }) : name.replaceAll("_", " ");
    Object.assign(input, { className: "input", name, maxLength: 1024, autocomplete: "off" });
    input.setAttribute("aria-required", "true");
    label.className = "field";
    label.append(text("span", title, "field__label"), input);
    const error = text("span", this.#say("missing"), "field__error");
    error.dataset.error = "";
    error.hidden = true;
    error.setAttribute("role", "alert");
    label.append(error);
    if (example) label.append(text("span", this.#say("example", { example }), "field__hint"));
    return label;
  }

  #values() {
    return Object.fromEntries([...this.fields.querySelectorAll("input")].map(({ name, value }) => [name, value.trim()]));
  }

  /** Return the text with the values filled in; a missing one is shown as its example, marked. */
  #preview() {
    const values = this.#values();
    const pieces = this.#chosen.text.split(SLOT);
    const shown = pieces.map((piece, index) => {
      if (index % 2 === 0) return piece;
      const slot = this.#chosen.parameters.find(({ name }) => name === piece);
      return text("mark", values[piece] || slot?.example || `{{${piece}}}`, values[piece] ? "picker__filled" : "picker__gap");
    });
    const buttons = this.#chosen.buttons.map((title) => text("span", title, "picker__button"));
    this.preview.replaceChildren(...shown, ...buttons);
  }

  #refuse(reason) {
    this.error.textContent = reason;
    this.error.hidden = !reason;
  }

  async #submit() {
    if (!this.#chosen || this.send.disabled || this.send.ariaBusy === "true") return;
    if (![...this.fields.querySelectorAll("input")].every(isFilled)) return;
    this.send.ariaBusy = "true";
    const { name, language } = this.#chosen;
    const template = { name, language, parameters: this.#values() };
    try {
      if (this.reopens) await reopen(this.conversation);
      await api("POST", `${this.url}/messages/`, { text: "", client_id: this.#clientId, template });
      this.dialog.close();
    } catch (refusal) {
      this.#refuse(refusal.isPassing ? this.#say("not_sent") : refusal.reason);
    } finally {
      this.send.ariaBusy = "false";
    }
  }

  /** Move through the list by arrow keys; Enter in the search goes to its first entry. */
  #walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...this.list.querySelectorAll("button:not(:disabled)")];
    const next = all[(all.indexOf(event.target) + step + all.length) % all.length];
    for (const one of all) one.tabIndex = one === next ? 0 : -1;
    next.focus();
  }

  #enter(event) {
    if ((event.key !== "Enter" && event.key !== "ArrowDown") || event.isComposing) return;
    event.preventDefault();
    this.list.querySelector("button:not(:disabled)")?.focus();
  }
}

function text(tag, words, name) {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = words;
  return element;
}
