/* The list of the visitor's conversations, which follows what changes while it is shown. */
import { number } from "../ui/format.js";
import { arrange, make, sentence, time } from "./dom.js";

export class ConversationList {
  #rows = new Map();

  /** ``list`` is the element of the rows; ``open`` gets the id of the one that is chosen. */
  constructor({ list, session, unread, screens, config, labels, open }) {
    Object.assign(this, { list, session, unread, config, labels, open });
    this.screens = screens;
    session.addEventListener("change", () => this.isShown && this.draw());
    unread.addEventListener("change", () => this.isShown && this.draw());
  }

  get isShown() {
    return this.screens.current === "list";
  }

  /** Draw what differs from what is there; the focus stays with its conversation. */
  draw() {
    const focused = document.activeElement.closest("[data-conversation]")?.dataset.conversation;
    const rows = this.session.list.map((conversation) => this.#row(conversation));
    this.#rows = new Map(rows.map((row) => [row.dataset.conversation, row]));
    arrange(this.list, rows);
    if (focused) (this.#rows.get(focused) ?? this.list.firstElementChild)?.firstElementChild.focus();
  }

  focus() {
    this.list.querySelector("button")?.focus();
  }

  #row(conversation) {
    const unread = this.unread.count(conversation.id);
    const shown = JSON.stringify([conversation, unread]);
    const known = this.#rows.get(conversation.id);
    if (known?.dataset.shown === shown) return known;
    const row = make("li", "", { "data-conversation": conversation.id, "data-shown": shown });
    row.append(make("button", "past", { click: () => this.open(conversation.id) }, ...this.#parts(conversation, unread)));
    return row;
  }

  #parts(conversation, unread) {
    const { config, labels } = this;
    const last = conversation.last_message;
    const title = make("b", "truncate", {}, conversation.title || labels.untitled);
    const head = make("span", "past__head", {}, title, time(last?.at ?? conversation.created_at));
    const said = make("span", "truncate", {}, last ? sentence(last.text, labels) : labels.nothing_said);
    const foot = make("span", "past__foot", {}, said, unread ? make("span", "count", {}, number(unread)) : null);
    const who = conversation.owner?.name ?? conversation.assistant?.name ?? config.assistant.name;
    const isWaiting = conversation.control === "requested";
    const state = conversation.lifecycle === "ended" ? labels.ended : isWaiting ? labels.waiting_short : who;
    return [head, foot, make("span", "past__state", {}, state)];
  }
}
