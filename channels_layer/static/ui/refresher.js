/** Fetching anew what is shown, so that what is seen last is what came last. */
const TRY_AGAIN_AFTER = 2_000;

/**
 * Does `work` when requested, one at a time: requested meanwhile, once more afterwards; what failed
 * on the way is tried again, what the server refused is left as it is.
 */
export class Refresher {
  #timer = null;
  #isRequested = false;
  #isBusy = false;
  #callbacks = [];

  /** Waits `after` milliseconds, so that several requests in a row become one. */
  constructor(work, { after = 0 } = {}) {
    this.work = work;
    this.after = after;
  }

  /** Resolves when the work was done, or tried, once after this request. */
  ask() {
    this.#isRequested = true;
    if (!this.#isBusy) this.#plan(this.after);
    return new Promise((done) => this.#callbacks.push(done));
  }

  stop() {
    this.#isRequested = false;
    clearTimeout(this.#timer);
    this.#resolve(this.#callbacks.splice(0));
  }

  #resolve(all) {
    for (const done of all) done();
  }

  #plan(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(), delay);
  }

  async #run() {
    this.#isRequested = false;
    this.#isBusy = true;
    const callbacks = this.#callbacks.splice(0);
    let delay = this.after;
    try {
      await this.work();
    } catch (error) {
      if (error.isPassing === undefined) throw error;
      this.#isRequested ||= error.isPassing;
      delay = TRY_AGAIN_AFTER;
    } finally {
      this.#isBusy = false;
      this.#resolve(callbacks);
      if (this.#isRequested) this.#plan(delay);
    }
  }
}
