/* The browser's storage of one widget: token, drafts, unsent messages, read positions.

   Where storage is forbidden it lasts as long as the page. */
const STORED_WITHIN = 200; // after this other tabs read what one tab stored

export class Store {
  #memory = new Map();
  #prefix;

  constructor(key) {
    this.#prefix = `parley:${key}:`;
  }

  get(name) {
    if (this.#memory.has(name)) return this.#memory.get(name);
    try {
      return JSON.parse(localStorage.getItem(this.#prefix + name));
    } catch {
      return null; // Forbidden or unreadable: the page's memory is all there is.
    }
  }

  set(name, value) {
    this.#memory.delete(name);
    try {
      localStorage.setItem(this.#prefix + name, JSON.stringify(value));
    } catch {
      this.#memory.set(name, value); // Forbidden or full.
    }
  }

  remove(name) {
    this.#memory.delete(name);
    try {
      localStorage.removeItem(this.#prefix + name);
    } catch {
      // Forbidden: there was nothing to remove.
    }
  }

  /** Call ``callback`` with names beginning with ``start`` whose value another tab changed. */
  watch(start, callback) {
    const beginning = this.#prefix + start;
    addEventListener("storage", ({ key }) => key?.startsWith(beginning) && callback(key.slice(this.#prefix.length)));
  }

  /** Run ``act`` while no other tab does; where tabs cannot lock, at once. */
  alone(act) {
    if (!navigator.locks) return act();
    return new Promise((resolve, reject) => {
      navigator.locks.request(`${this.#prefix}alone`, async () => {
        await act().then(resolve, reject);
        await new Promise((release) => setTimeout(release, STORED_WITHIN));
      });
    });
  }

  /** Return the names that begin with ``start``, without the widget's own prefix. */
  names(start) {
    const found = new Set([...this.#memory.keys()].filter((name) => name.startsWith(start)));
    try {
      for (const full of Object.keys(localStorage)) {
        if (full.startsWith(this.#prefix + start)) found.add(full.slice(this.#prefix.length));
      }
    } catch {
      // Forbidden: memory holds everything.
    }
    return [...found];
  }

  clear() {
    for (const name of this.names("")) this.remove(name);
  }
}
