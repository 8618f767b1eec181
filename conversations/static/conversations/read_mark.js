/** The read mark: reports entries that were on screen for a second in a visible tab. */
import { live } from "../ui/connection.js";
import { positionOf } from "./stretch.js";

const READ_AFTER = 1_000;

export class ReadMark {
  #visible = new Set();
  #reported = 0;
  #timer = null;

  constructor(thread) {
    this.thread = thread;
    this.observer = new IntersectionObserver((seen) => this.#note(seen), { root: thread.scroll });
    this.wake = () => this.#plan();
    document.addEventListener("visibilitychange", this.wake);
    this.watch();
  }

  stop() {
    this.observer.disconnect();
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.wake);
  }

  /** Observe entries that were added since. */
  watch() {
    for (const entry of this.thread.items.querySelectorAll("[data-position]:not([data-watched])")) {
      entry.dataset.watched = "";
      this.observer.observe(entry);
    }
  }

  #note(seen) {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) this.#visible.add(target);
      else this.#visible.delete(target);
    }
    this.#plan();
  }

  #plan() {
    clearTimeout(this.#timer);
    if (document.visibilityState !== "visible") return;
    this.#timer = setTimeout(() => this.#report(), READ_AFTER);
  }

  #report() {
    const position = this.#position();
    if (position <= this.#reported || document.visibilityState !== "visible") return;
    this.#reported = position;
    live.read(this.thread.id, position);
    this.thread.callbacks.read(this.thread.id);
  }

  /** Return up to which position all is read: down to the last entry in sight, also what has scrolled off above. */
  #position() {
    const entries = [...this.thread.items.querySelectorAll("[data-position]")];
    const last = entries.findLastIndex((entry) => this.#visible.has(entry));
    const seen = entries.slice(0, last + 1).map(positionOf);
    const unseen = entries.slice(last + 1).map(positionOf);
    return Math.min(Math.max(0, ...seen), Math.min(...unseen) - 1);
  }
}
