/* The queue: fetches the visitor's place now and then while a person is waited for. */
const EVERY = 15_000;

export class Queue {
  #fetchPlace;
  #timer = null;

  constructor(fetchPlace) {
    this.#fetchPlace = fetchPlace;
  }

  watch(isWaiting, isKnown) {
    if (!isWaiting) this.stop();
    else if (!this.#timer) {
      this.#timer = setInterval(() => this.#check(), EVERY);
      if (!isKnown) this.#check();
    }
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #check() {
    // A failed request is repeated at the next round.
    if (!document.hidden) this.#fetchPlace().catch(() => {});
  }
}
