/** An answer that streams: its text at once, finished blocks as the server renders them. */
import { fragment } from "../ui/http.js";
import { finishedEnd, openFence, splitCode, withLineFeeds } from "./blocks.js";
import { GrowingText } from "./growing.js";

const RENDER_EVERY = 400;
const RENDER_URL = "/conversations/markdown/";

export class StreamedProse {
  #text = "";
  #rendered = 0;
  #timer = null;
  #isRendering = false;
  #tail = new GrowingText();

  /** Write into `place`, which becomes rendered blocks, the tail and the caret. */
  constructor(place) {
    this.blocks = document.createElement("div");
    this.blocks.className = "prose__blocks";
    this.begun = document.createElement("span"); // lines of code whose beginning is rendered already
    place.replaceChildren(this.blocks, this.#tail.element);
  }

  /** Show `text`, the whole of it so far. */
  show(text) {
    const lines = withLineFeeds(text);
    if (!lines.startsWith(this.#text.slice(0, this.#rendered))) {
      this.#rendered = 0;
      this.blocks.replaceChildren();
    }
    this.#text = lines;
    this.#showTail();
    if (finishedEnd(lines) > this.#rendered) this.#timer ??= setTimeout(() => this.#render(), RENDER_EVERY);
  }

  /** Remove the caret: nothing more comes. */
  finish() {
    clearTimeout(this.#timer);
    this.#tail.finish();
  }

  #showTail() {
    this.begun.remove();
    const open = openFence(this.#text.slice(0, this.#rendered));
    const code = open && [...this.blocks.querySelectorAll(".code code")].at(-1);
    const rest = this.#text.slice(this.#rendered);
    const [begun, tail] = code ? splitCode(rest, open) : ["", rest];
    this.begun.textContent = begun;
    code?.append(this.begun);
    this.#tail.show(tail, code ?? undefined);
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
      // It stays as it was drawn; the finished message comes rendered.
    } finally {
      this.#isRendering = false;
    }
  }
}
