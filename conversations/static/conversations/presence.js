/** Colleagues who view this conversation, and who is typing. */
import { say } from "../ui/words.js";

const TYPES_FOR = 5_000;
const TONES = "abcde";

export class Readers {
  #viewers = [];
  #timer = null;
  #typist = null;

  constructor(thread) {
    this.thread = thread;
    this.typingLine = thread.frame.querySelector("[data-typing]");
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** Show who types, until their message or no further frame comes. */
  typing(actor) {
    if (isMe(actor)) return;
    this.#typist = actor;
    this.typingLine.textContent = say("typing", { name: actor.name || this.thread.frame.dataset.name });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.quiet(), TYPES_FOR);
  }

  /** Take in an entry: whoever wrote it types no more, and nobody does after the end. */
  wrote({ author, change }) {
    if (this.#typist && (change === "ended" || isOf(this.#typist, author))) this.quiet();
  }

  quiet() {
    this.#typist = null;
    this.typingLine.textContent = "";
  }

  /** Take in a changed list of viewers. */
  viewing({ viewers }) {
    this.#viewers = viewers.filter(({ id }) => String(id) !== document.documentElement.dataset.user);
    this.draw();
  }

  /** Draw the viewers into the head, which may have been swapped. */
  draw() {
    const place = this.thread.frame.querySelector("[data-viewers]");
    place?.replaceChildren(...this.#viewers.map(({ id, name }) => avatar(id, name)));
  }
}

function isMe(actor) {
  return actor.kind === "staff" && String(actor.id) === document.documentElement.dataset.user;
}

/** Return whether the person who types is the author; an owner is the customer of their own chat. */
function isOf(typist, author) {
  if (typist.kind === "visitor") return author.kind === "customer";
  return String(typist.id) === String(author.id) || typist.name === author.name;
}

function avatar(id, name) {
  const mark = document.createElement("span");
  const words = name.split(/\s+/).filter(Boolean);
  mark.className = `avatar avatar--sm avatar--${TONES[Number(id) % TONES.length]}`;
  mark.textContent = (words[0]?.[0] ?? "?") + (words.length > 1 ? words.at(-1)[0] : "");
  mark.title = say("viewing", { name });
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", mark.title);
  return mark;
}
