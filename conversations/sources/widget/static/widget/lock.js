/* A lock among the tabs of a browser: the browser's own, or a lease in what the tabs share.

   Browsers have locks for secure pages alone, and refuse them to frames that get no storage. A lease
   is renewed while it is held, so that it does not outlive a tab for long. */
import { newId } from "../ui/ids.js";

const SEEN_WITHIN = 200; // after this other tabs read what one tab stored
const LEASE = 2_500; // a tab in the background renews once a second
const RENEWED_EVERY = 800;
const LOOKED_AT_EVERY = 100;
const LONGEST_WAIT = 12_000; // then a tab that hangs is waited for no longer

const pause = (duration) => new Promise((resolve) => setTimeout(resolve, duration));

export class Lock {
  #name;
  #store;

  /** ``store`` is what the tabs share where the browser has no locks. */
  constructor(name, store) {
    this.#name = name;
    this.#store = store;
  }

  /** Return what ``act`` does while no other tab has the lock, and release it a little later. */
  async during(act) {
    const release = (await this.#ofBrowser()) ?? (await this.#lease());
    try {
      return await act();
    } finally {
      setTimeout(release, SEEN_WITHIN);
    }
  }

  /** Return how to release the browser's lock, or null where there is none, or none in time. */
  async #ofBrowser() {
    try {
      const signal = AbortSignal.timeout(LONGEST_WAIT);
      return await new Promise((resolve, reject) => {
        const hold = () => new Promise((release) => resolve(release));
        navigator.locks.request(this.#name, { signal }, hold).catch(reject);
      });
    } catch {
      return null;
    }
  }

  /** Return how to release a lease in what the tabs share; where they share nothing, at once. */
  async #lease() {
    const by = newId();
    const isOurs = () => this.#store.get("alone")?.by === by;
    const limit = Date.now() + LONGEST_WAIT;
    while (this.#store.isShared && !isOurs() && Date.now() < limit) {
      if (!this.#isHeld) this.#renew(by);
      // Of tabs that take it at once, the last one has it.
      await pause(LOOKED_AT_EVERY);
    }
    const timer = setInterval(() => isOurs() && this.#renew(by), RENEWED_EVERY);
    return () => {
      clearInterval(timer);
      if (isOurs()) this.#store.remove("alone");
    };
  }

  get #isHeld() {
    const left = (this.#store.get("alone")?.until ?? 0) - Date.now();
    return left > 0 && left <= LEASE;
  }

  #renew(by) {
    this.#store.set("alone", { by, until: Date.now() + LEASE });
  }
}
