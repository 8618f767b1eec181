/** Live rows: more on scroll, changed in place at once, moved only while nobody reads or points there. */
import { fragment } from "./http.js";
import { readingId } from "./reading.js";
import { refresh } from "./time.js";
import { count } from "./words.js";

const GATHER = 250;
const REQUESTED_AT_ONCE = 60;
const TRY_AGAIN_AFTER = 4_000;

/**
 * The list in `root`'s `[data-list]`; what `page` has open stays in it when it
 * no longer matches the filters. A list says
 * in `isOpen`, `isAfter`, `rewrite` and `showOthers` how its rows are shown, and calls `prepare`
 * for what it has loaded.
 */
export class LiveRows {
  #requested = new Set();
  #waiting = new Map();
  #timer = null;
  #isFetching = false;
  #list = 0;

  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.pane = root.querySelector("[data-list]");
    this.url = root.dataset.rows;
    this.pane.addEventListener("pointerleave", () => this.#isHeld() || this.settle());
    this.pane.addEventListener("focusout", () => queueMicrotask(() => this.#isHeld() || this.settle()));
    root.addEventListener("click", (event) => event.target.closest("[data-updated-apply]") && this.settle());
  }

  get rows() {
    return this.pane.querySelector("[data-rows-list]");
  }

  get all() {
    return [...(this.rows?.querySelectorAll("[data-row]") ?? [])];
  }

  /** The row of the object `id`, if it is loaded. */
  known(id) {
    return this.pane.querySelector(`[data-row="${id}"]`);
  }

  /** The row `step` after (or before) the open one. */
  neighbour(step) {
    const { all } = this;
    const index = all.findIndex((row) => this.isOpen(row));
    return all[index === -1 ? (step > 0 ? 0 : all.length - 1) : index + step];
  }

  /** Fetch the row of `id` again. */
  refreshRow(id) {
    this.#requested.add(id);
    this.#planFetch(GATHER);
  }

  /** Fetch the row of a summary, unless the shown one is as new already. */
  receive(summary) {
    const known = this.known(summary.id);
    if (!known || Number(known.dataset.seq) < summary.seq) this.refreshRow(summary.id);
  }

  /** Fetch the rows again that no longer match the filters and stayed while they were open. */
  refreshLeft() {
    for (const row of this.all) if ("left" in row.dataset && !this.isOpen(row)) this.refreshRow(row.dataset.row);
  }

  /** Put rows that waited into their places. */
  settle() {
    const moves = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const move of moves) move();
    this.#showWaiting();
  }

  /** Forget what waited, and what is still being fetched: another list is loaded. */
  forget() {
    this.#list += 1;
    this.#waiting.clear();
    this.#showWaiting();
  }

  /** Bring to life what was loaded; the next page comes when the end of this one is near. */
  prepare() {
    refresh(this.pane);
    this.end?.disconnect();
    const more = this.pane.querySelector("[data-more]");
    if (!more) return;
    const root = this.pane.querySelector("[data-scroll]");
    const seen = (entries) => entries.some((one) => one.isIntersecting) && this.#loadMore(more);
    this.end = new IntersectionObserver(seen, { root, rootMargin: "0px 0px 480px" });
    this.end.observe(more);
  }

  /** The address's filters with `changes`; an empty value takes one away. */
  query(changes) {
    const query = new URLSearchParams(location.search);
    query.delete("pane");
    for (const [name, value] of Object.entries(changes)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    return query;
  }

  /** The address of rows under the page's filters, with what is open. */
  address(params = []) {
    const query = this.query({ open: this.page.openedId(), reading: readingId() });
    for (const [name, value] of params) query.append(name, value);
    return `${this.url}?${query}`;
  }

  async #loadMore(more) {
    this.end.disconnect();
    try {
      const { content } = await fragment(this.address([["cursor", more.dataset.more]]));
      for (const row of content.querySelectorAll("[data-row]")) {
        if (this.known(row.dataset.row)) row.remove();
      }
      more.replaceWith(content);
      this.prepare();
    } catch {
      setTimeout(() => more.isConnected && this.prepare(), TRY_AGAIN_AFTER);
    }
  }

  #planFetch(delay) {
    clearTimeout(this.#timer);
    if (this.#requested.size) this.#timer = setTimeout(() => this.#fetch(), delay);
  }

  async #fetch() {
    if (!this.#requested.size || !this.rows) return;
    if (this.#isFetching) {
      this.#planFetch(GATHER);
      return;
    }
    this.#isFetching = true;
    const list = this.#list;
    const ids = [...this.#requested].slice(0, REQUESTED_AT_ONCE);
    for (const id of ids) this.#requested.delete(id);
    try {
      const { content } = await fragment(this.address(ids.map((id) => ["id", id])));
      if (list === this.#list) this.#show(ids, content);
      else for (const id of ids) this.#requested.add(id);
      this.#planFetch(GATHER);
    } catch {
      for (const id of ids) this.#requested.add(id);
      this.#planFetch(TRY_AGAIN_AFTER);
    } finally {
      this.#isFetching = false;
    }
  }

  #show(ids, content) {
    this.showOthers(content);
    for (const id of ids) this.#apply(id, content.querySelector(`[data-row="${id}"]`));
  }

  /** Change a row in place at once; what would move it may have to wait. */
  #apply(id, fresh) {
    const known = this.known(id);
    const hasLeft = fresh && "left" in fresh.dataset;
    if (!fresh || (hasLeft && !known)) {
      if (known) this.#move(id, () => known.remove());
      return;
    }
    refresh(fresh);
    this.pane.querySelector("[data-list-blank]")?.remove();
    if (!known) {
      if (this.#belongs(fresh)) this.#move(id, () => this.known(id) ?? this.#insert(fresh));
      return;
    }
    Object.assign(known.dataset, fresh.dataset);
    if (!hasLeft) delete known.dataset.left;
    this.rewrite(known, fresh);
    if (!hasLeft && !this.#isInOrder(known)) this.#move(id, () => this.#insert(known));
  }

  #insert(row) {
    const after = this.all.find((other) => other !== row && this.isAfter(other, row));
    const isSeen = this.isOpen(row) && this.#isInView(row);
    this.rows.insertBefore(row, after ?? this.rows.querySelector("[data-more]"));
    if (isSeen) row.scrollIntoView({ block: "nearest" });
  }

  #isInView(row) {
    const [inner, outer] = [row, this.pane.querySelector("[data-scroll]")].map((one) => one.getBoundingClientRect());
    return row.isConnected && inner.bottom > outer.top && inner.top < outer.bottom;
  }

  #isInOrder(row) {
    const [above, below] = [row.previousElementSibling, row.nextElementSibling];
    return !(above && this.isAfter(above, row)) && !(below && this.isAfter(row, below));
  }

  /** Whether a new row lies within what is loaded. */
  #belongs(row) {
    const last = this.all.at(-1);
    return !this.rows.querySelector("[data-more]") || !last || this.isAfter(last, row);
  }

  #move(id, act) {
    if (this.#isHeld()) this.#waiting.set(id, act);
    else act();
    this.#showWaiting();
  }

  /** Whether the person reads or points here: then nothing moves. */
  #isHeld() {
    const list = this.pane.querySelector("[data-scroll]");
    return Boolean(list && (list.matches(":hover") || list.contains(document.activeElement)));
  }

  #showWaiting() {
    const place = this.root.querySelector("[data-updated]");
    if (!place) return;
    place.hidden = !this.#waiting.size;
    place.querySelector("[data-updated-count]").textContent = count("updated", this.#waiting.size);
  }
}
