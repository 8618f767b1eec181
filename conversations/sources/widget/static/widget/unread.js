/* Unread messages per conversation; how far each was read survives a reload. */
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

  /** Add messages; those that were read or added before change nothing. */
  add(id, positions) {
    const unread = positions.filter((position) => position > this.#readTo(id));
    this.#positions.set(id, new Set([...(this.#positions.get(id) ?? []), ...unread]));
    this.#tell();
  }

  /** Mark everything up to ``position`` as read; return whether that changes anything. */
  read(id, position) {
    this.#seen(id, position);
    if (position <= this.#readTo(id)) return false;
    this.#store.set(`read:${id}`, position);
    return true;
  }

  drop(id) {
    this.#positions.delete(id);
    this.#tell();
  }

  clear() {
    this.#positions.clear();
    this.#tell();
  }

  #readElsewhere(id) {
    this.#seen(id, this.#readTo(id));
  }

  #seen(id, position) {
    for (const unseen of this.#positions.get(id) ?? []) {
      if (unseen <= position) this.#positions.get(id).delete(unseen);
    }
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }

  #readTo(id) {
    return this.#store.get(`read:${id}`) ?? 0;
  }
}
