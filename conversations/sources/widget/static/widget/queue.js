/* While somebody waits for a person: asks now and then for the place in the queue. */
const EVERY = 15_000;

export class Queue {
  #ask;
  #timer = null;

  constructor(ask) {
    this.#ask = ask;
  }

  watch(isWaiting, isKnown) {
    if (!isWaiting) this.stop();
    else if (!this.#timer) {
      this.#timer = setInterval(() => this.#look(), EVERY);
      if (!isKnown) this.#look();
    }
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #look() {
    // A failed question is asked again at the next round.
    if (!document.hidden) this.#ask().catch(() => {});
  }
}
