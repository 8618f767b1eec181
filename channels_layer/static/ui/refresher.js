/** Fetching anew what is shown, so that what is seen last is what came last. */
const TRY_AGAIN_AFTER = 2_000;

/**
 * Does `work` when asked, one at a time: asked meanwhile, once more afterwards; what failed on the
 * way is tried again, what the server refused is left as it is.
 */
export class Refresher {
  #timer = null;
  #isAsked = false;
  #isBusy = false;
  #callbacks = [];

  /** Waits `after` milliseconds, so that several questions in a row become one. */
  constructor(work, { after = 0 } = {}) {
    this.work = work;
    this.after = after;
  }

  /** Resolves when it was done, or tried, once after this question. */
  ask() {
    this.#isAsked = true;
    if (!this.#isBusy) this.#plan(this.after);
    return new Promise((done) => this.#callbacks.push(done));
  }

  stop() {
    this.#isAsked = false;
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
    this.#isAsked = false;
    this.#isBusy = true;
    const callbacks = this.#callbacks.splice(0);
    let delay = this.after;
    try {
      await this.work();
    } catch (error) {
      if (error.isPassing === undefined) throw error;
      this.#isAsked ||= error.isPassing;
      delay = TRY_AGAIN_AFTER;
    } finally {
      this.#isBusy = false;
      this.#resolve(callbacks);
      if (this.#isAsked) this.#plan(delay);
    }
  }
}
