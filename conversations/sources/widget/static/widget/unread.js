/* What the visitor has not seen yet, per conversation; how far it was read survives a reload. */
export class Unread extends EventTarget {
  #store;
  #positions = new Map();

  constructor(store) {
    super();
    this.#store = store;
    store.watch("read:", (name) => this.#readElsewhere(name.slice("read:".length)));
  }

  get total() {
    return [...this.#positions.values()].reduce((sum, positions) => sum + positions.size, 0);
  }

  count(id) {
    return this.#positions.get(id)?.size ?? 0;
  }

  /** Note a message; one that was read or noted before changes nothing. */
  add(id, position) {
    if (position <= this.#readTo(id)) return;
    if (!this.#positions.has(id)) this.#positions.set(id, new Set());
    this.#positions.get(id).add(position);
  }

  /** Everything up to ``position`` was seen; true if that is news. */
  read(id, position) {
    this.#seen(id, position);
    if (position <= this.#readTo(id)) return false;
    this.#store.set(`read:${id}`, position);
    return true;
  }

  clear() {
    this.#positions.clear();
  }

  #readElsewhere(id) {
    this.#seen(id, this.#readTo(id));
    this.dispatchEvent(new Event("change"));
  }

  #seen(id, position) {
    for (const unseen of this.#positions.get(id) ?? []) {
      if (unseen <= position) this.#positions.get(id).delete(unseen);
    }
  }

  #readTo(id) {
    return this.#store.get(`read:${id}`) ?? 0;
  }
}
