/** An answer that streams: plain text at once, finished blocks as the server renders them. */
import { fragment } from "../ui/http.js";
import { finishedEnd } from "./blocks.js";

const RENDER_EVERY = 400;
const RENDER_URL = "/conversations/markdown/";

export class StreamedProse {
  #text = "";
  #rendered = 0;
  #timer = null;
  #isRendering = false;

  /** Write into `place`, which becomes rendered blocks, a plain tail and the caret. */
  constructor(place) {
    this.blocks = document.createElement("div");
    this.blocks.className = "prose__blocks";
    this.tail = document.createElement("span");
    this.tail.className = "prose__tail";
    this.caret = document.createElement("span");
    this.caret.className = "caret";
    const last = document.createElement("p");
    last.className = "prose__last";
    last.append(this.tail, this.caret);
    place.replaceChildren(this.blocks, last);
    this.last = last;
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
    const rest = this.#text.slice(this.#rendered).replace(/^\n+/, "");
    this.tail.textContent = rest;
    this.last.classList.toggle("prose__last--alone", !rest);
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
