/** An answer that streams: its text at once, finished blocks as the server renders them. */
import { fragment } from "../ui/http.js";
import { fences, finishedEnd } from "./blocks.js";
import { draw } from "./tail.js";

const RENDER_EVERY = 400;
const RENDER_URL = "/conversations/markdown/";

export class StreamedProse {
  #text = "";
  #rendered = 0;
  #timer = null;
  #isRendering = false;

  /** Write into `place`, which becomes rendered blocks, the tail and the caret. */
  constructor(place) {
    this.blocks = document.createElement("div");
    this.blocks.className = "prose__blocks";
    this.tail = document.createElement("div");
    this.tail.className = "prose__tail";
    this.begun = document.createElement("span"); // lines of code whose beginning is rendered already
    this.caret = document.createElement("span");
    this.caret.className = "caret";
    place.replaceChildren(this.blocks, this.tail);
  }

  /** Show `text`, the whole of it so far. */
  show(text) {
    if (!text.startsWith(this.#text.slice(0, this.#rendered))) {
      this.#rendered = 0;
      this.blocks.replaceChildren();
    }
    this.#text = text;
    this.#showTail();
    if (finishedEnd(text) > this.#rendered) this.#timer ??= setTimeout(() => this.#render(), RENDER_EVERY);
  }

  /** Remove the caret: nothing more comes. */
  finish() {
    clearTimeout(this.#timer);
    this.caret.remove();
  }

  #showTail() {
    this.begun.remove();
    this.begun.textContent = "";
    const { open } = fences(this.#text.slice(0, this.#rendered));
    const rendered = open && [...this.blocks.querySelectorAll(".code code")].at(-1);
    rendered?.append(this.begun);
    const rest = this.#text.slice(this.#rendered);
    this.tail.replaceChildren(...draw(rest, rendered && { open, place: this.begun }));
    (lastOf(this.tail) ?? rendered ?? this.tail).append(this.caret);
  }

  async #render() {
    this.#timer = null;
    if (this.#isRendering) return;
    this.#isRendering = true;
    const end = finishedEnd(this.#text);
    const finished = this.#text.slice(0, end);
    try {
      const form = new FormData();
      form.set("text", finished);
      const { content } = await fragment(RENDER_URL, { method: "POST", form });
      if (this.#text.startsWith(finished)) {
        this.blocks.replaceChildren(content);
        this.#rendered = end;
        this.#showTail();
      }
    } catch {
      // It stays plain text; the finished message comes rendered.
    } finally {
      this.#isRendering = false;
    }
  }
}

/** Return where the text of `tail` ends: in its last item, code or paragraph. */
function lastOf(tail) {
  return tail.lastElementChild?.querySelector(":scope > pre > code, :scope > li:last-child") ?? tail.lastElementChild;
}
