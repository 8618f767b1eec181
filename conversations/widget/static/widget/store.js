/* What the visitor's browser keeps for one widget: token, drafts, unsent messages, read positions.

   Where storage is forbidden it lasts as long as the page. */
export class Store {
  #memory = new Map();
  #prefix;

  constructor(key) {
    this.#prefix = `parley:${key}:`;
  }

  get(name) {
    try {
      const text = localStorage.getItem(this.#prefix + name);
      if (text !== null) return JSON.parse(text);
    } catch {
      // Forbidden or unreadable: what the page remembers is all there is.
    }
    return this.#memory.get(name) ?? null;
  }

  set(name, value) {
    this.#memory.set(name, value);
    try {
      localStorage.setItem(this.#prefix + name, JSON.stringify(value));
    } catch {
      // Forbidden or full: kept in memory above.
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

  /** The names that begin with ``start``, without the widget's own prefix. */
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
