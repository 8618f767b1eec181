/* The list of the visitor's conversations, which follows what changes while it is shown. */
import { number } from "../ui/format.js";
import { arrange, make, sentence, timeOrDay } from "./dom.js";

export class ConversationList {
  #rows = new Map();

  /** ``list`` gets the rows, ``button`` leads to it; ``open`` is called with the id that is chosen. */
  constructor({ list, button, session, unread, screens, config, labels, open }) {
    Object.assign(this, { list, button, session, unread, screens, config, labels, open });
    for (const changing of [session, unread]) changing.addEventListener("change", () => this.#follow());
  }

  get isShown() {
    return this.screens.current === "list";
  }

  show() {
    this.screens.show("list");
    this.#draw();
    this.list.querySelector("button")?.focus();
  }

  #follow() {
    this.button.hidden = this.session.conversations.size === 0;
    if (this.isShown) this.#draw();
  }

  /** Draw what differs from what is there; the focus stays with its conversation. */
  #draw() {
    // A frame without the focus must not take it from the page around.
    const focused = document.hasFocus() && document.activeElement.closest("[data-conversation]")?.dataset.conversation;
    const rows = this.session.list.map((conversation) => this.#row(conversation));
    this.#rows = new Map(rows.map((row) => [row.dataset.conversation, row]));
    arrange(this.list, rows);
    if (focused) (this.#rows.get(focused) ?? this.list.firstElementChild)?.firstElementChild.focus({ preventScroll: true });
  }

  #row(conversation) {
    const { id } = conversation;
    const button = make("button", "past", { click: () => this.open(id) }, ...this.#parts(conversation));
    const row = make("li", "", { "data-conversation": id }, button);
    const known = this.#rows.get(id);
    return known?.isEqualNode(row) ? known : row;
  }

  #parts(conversation) {
    const { config, labels } = this;
    const last = conversation.last_message;
    const unread = this.unread.count(conversation.id);
    const title = make("b", "truncate", {}, conversation.title || labels.untitled);
    const head = make("span", "past__head", {}, title, timeOrDay(last?.at ?? conversation.created_at));
    const said = make("span", "truncate", {}, last ? sentence(last.text, labels) : labels.nothing_said);
    const foot = make("span", "past__foot", {}, said, unread ? make("span", "count", {}, number(unread)) : null);
    const who = conversation.owner?.name ?? conversation.assistant?.name ?? config.assistant.name;
    const isWaiting = conversation.control === "requested";
    const state = conversation.lifecycle === "ended" ? labels.ended : isWaiting ? labels.waiting_short : who;
    return [head, foot, make("span", "past__state", {}, state)];
  }
}
