/** The list: filters in the address, more on scroll, and an order that does not jump. */
import { live } from "../config/connection.js";
import { fragment } from "../config/http.js";
import { load } from "../config/pane.js";
import { refresh } from "../config/time.js";
import { count, say } from "../config/words.js";

const SEARCH_AFTER = 250;
const GATHER = 250;
const ASKED_AT_ONCE = 60;
const TRY_AGAIN_AFTER = 4_000;

export class List {
  #asked = new Set();
  #waiting = new Map();
  #timer = null;
  #isFetching = false;
  #isFiltersOpen = false;

  constructor(root, page) {
    this.page = page;
    this.root = root;
    this.pane = root.querySelector("[data-list]");
    this.url = root.dataset.rows;
    this.#connectFilters();
    this.#connectOrder();
    this.#prepare();
    this.select(page.openedId());
    live.follow("inbox", {
      onEvent: ({ type, data }) => type === "conversation.summary" && this.#hear(data),
      onFollowing: (_, isAgain) => isAgain && this.reload(),
    });
  }

  get rows() {
    return this.pane.querySelector("[data-rows-list]");
  }

  /** The row of `id`, if it is loaded. */
  row(id) {
    return this.pane.querySelector(`[data-row="${id}"]`);
  }

  /** Mark `id` as the open one. */
  select(id) {
    for (const link of this.pane.querySelectorAll(".row--selected")) {
      link.classList.remove("row--selected");
      link.removeAttribute("aria-current");
    }
    const link = this.row(id)?.querySelector(".row");
    link?.classList.add("row--selected");
    link?.setAttribute("aria-current", "true");
    link?.scrollIntoView({ block: "nearest" });
  }

  /** The row `step` after (or before) the open one. */
  neighbour(step) {
    const all = [...(this.rows?.querySelectorAll("[data-row]") ?? [])];
    const index = all.findIndex((row) => row.dataset.row === this.page.openedId());
    return all[index === -1 ? (step > 0 ? 0 : all.length - 1) : index + step];
  }

  /** Fetch the row of `id` again. */
  refreshRow(id) {
    this.#asked.add(id);
    this.#planFetch(GATHER);
  }

  /** Say in the row of `id` that `name` is writing; null takes it back. */
  writing(id, name) {
    const place = this.row(id)?.querySelector("[data-preview]");
    if (!place) return;
    if (!name) {
      this.refreshRow(id);
      return;
    }
    const line = document.createElement("span");
    line.className = "row__live";
    line.textContent = `${say("writing", { name })}…`;
    place.replaceChildren(line);
  }

  /** Fetch the page again with the address's filters. */
  reload() {
    return this.#load(location.search);
  }

  /** Put rows that waited into their places. */
  settle() {
    const moves = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const move of moves) move();
    this.#tellWaiting();
  }

  #connectFilters() {
    this.root.addEventListener("click", (event) => {
      const link = event.target.closest("[data-filter]");
      if (link && !event.metaKey && !event.ctrlKey) {
        event.preventDefault();
        this.#filter(new URL(link.href).searchParams);
      }
      if (event.target.closest("[data-filters-toggle]")) this.#toggleFilters();
    });
    this.root.addEventListener("change", (event) => {
      const field = event.target.dataset.field;
      if (field) this.#filter(this.#query({ [field]: event.target.value }));
    });
    const search = this.root.querySelector("[data-search]");
    let timer;
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#filter(this.#query({ search: search.value.trim() })), SEARCH_AFTER);
    });
  }

  #connectOrder() {
    this.pane.addEventListener("pointerleave", () => this.#isHeld() || this.settle());
    this.pane.addEventListener("focusout", () => queueMicrotask(() => this.#isHeld() || this.settle()));
    this.root.querySelector("[data-updated]").addEventListener("click", () => this.settle());
  }

  #toggleFilters() {
    this.#isFiltersOpen = !this.#isFiltersOpen;
    this.#showFilters();
  }

  #showFilters() {
    const filters = this.pane.querySelector("#filters");
    if (filters) filters.hidden = !this.#isFiltersOpen;
    this.root.querySelector("[data-filters-toggle]").setAttribute("aria-expanded", String(this.#isFiltersOpen));
  }

  #query(changes) {
    const query = new URLSearchParams(location.search);
    query.delete("pane");
    for (const [name, value] of Object.entries(changes)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    return query;
  }

  #filter(query) {
    const text = query.toString();
    history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}`);
    const search = this.root.querySelector("[data-search]");
    if (document.activeElement !== search) search.value = query.get("search") ?? "";
    this.#load(location.search);
  }

  async #load(query) {
    const params = new URLSearchParams(query);
    params.delete("pane");
    if (this.page.openedId()) params.set("open", this.page.openedId());
    this.#waiting.clear();
    this.#tellWaiting();
    const focused = this.#focusedFilter();
    await load(this.pane, `${this.url}?${params}`, { skeleton: "skeleton-list", onLoad: () => this.#prepare() });
    if (focused && document.activeElement === document.body) this.pane.querySelector(focused)?.focus();
  }

  /** A selector for the filter that has the focus: the fresh list gives it back. */
  #focusedFilter() {
    const filter = document.activeElement?.closest("[data-list] :is([data-field], [data-filter])");
    if (!filter) return null;
    return filter.dataset.field ? `[data-field="${filter.dataset.field}"]` : ".tabs__item[aria-current]";
  }

  #prepare() {
    refresh(this.pane);
    this.#showFilters();
    this.#watchEnd();
  }

  /** The next page comes when the end of this one is near. */
  #watchEnd() {
    this.end?.disconnect();
    const more = this.pane.querySelector("[data-more]");
    if (!more) return;
    const root = this.pane.querySelector("[data-scroll]");
    this.end = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.#loadMore(more), {
      root,
      rootMargin: "0px 0px 480px",
    });
    this.end.observe(more);
  }

  async #loadMore(more) {
    this.end.disconnect();
    const params = new URLSearchParams(location.search);
    params.set("cursor", more.dataset.more);
    try {
      const { content } = await fragment(`${this.url}?${params}`);
      for (const row of content.querySelectorAll("[data-row]")) {
        if (this.row(row.dataset.row)) row.remove();
      }
      more.replaceWith(content);
      this.#prepare();
    } catch {
      setTimeout(() => more.isConnected && this.#watchEnd(), TRY_AGAIN_AFTER);
    }
  }

  #hear(summary) {
    const known = this.row(summary.id);
    if (known && Number(known.dataset.seq) >= summary.seq) return;
    this.refreshRow(summary.id);
  }

  async #fetch() {
    if (!this.#asked.size || !this.rows) return;
    if (this.#isFetching) {
      this.#planFetch(GATHER);
      return;
    }
    this.#isFetching = true;
    const ids = [...this.#asked].slice(0, ASKED_AT_ONCE);
    for (const id of ids) this.#asked.delete(id);
    const params = new URLSearchParams(location.search);
    for (const id of ids) params.append("id", id);
    if (this.page.openedId()) params.set("open", this.page.openedId());
    try {
      const { content } = await fragment(`${this.url}?${params}`);
      this.#showOthers(content);
      for (const id of ids) this.#apply(id, content.querySelector(`[data-row="${id}"]`));
      this.#planFetch(GATHER);
    } catch {
      for (const id of ids) this.#asked.add(id);
      this.#planFetch(TRY_AGAIN_AFTER);
    } finally {
      this.#isFetching = false;
    }
  }

  #planFetch(delay) {
    clearTimeout(this.#timer);
    if (this.#asked.size) this.#timer = setTimeout(() => this.#fetch(), delay);
  }

  #showOthers(content) {
    const queue = content.querySelector("[data-queue]");
    if (queue) {
      refresh(queue);
      this.pane.querySelector("[data-queue]")?.replaceWith(queue);
    }
    const tabs = this.pane.querySelectorAll(".inbox__tabs .tabs__item");
    content.querySelectorAll("[data-count]").forEach((place, index) => {
      const number = tabs[index]?.querySelector(".tabs__count");
      if (number) number.textContent = place.textContent;
    });
  }

  /** Change a row in place at once; what would move it may have to wait. */
  #apply(id, fresh) {
    const known = this.row(id);
    if (!fresh) {
      if (known && id !== this.page.openedId()) this.#move(id, () => known.remove());
      return;
    }
    refresh(fresh);
    this.pane.querySelector("[data-list-blank]")?.remove();
    if (!known) {
      if (this.#belongs(fresh)) this.#move(id, () => this.row(id) ?? this.#insert(fresh));
      return;
    }
    this.#rewrite(known, fresh);
    if (!this.#isInOrder(known)) this.#move(id, () => this.#insert(known));
  }

  /** The same link keeps its focus; only its inside changes. */
  #rewrite(known, fresh) {
    const [link, other] = [known.querySelector(".row"), fresh.querySelector(".row")];
    Object.assign(known.dataset, fresh.dataset);
    link.className = other.className;
    link.classList.toggle("row--selected", known.dataset.row === this.page.openedId());
    link.replaceChildren(...other.childNodes);
  }

  #insert(row) {
    const after = [...this.rows.querySelectorAll("[data-row]")].find(
      (other) => other !== row && Number(other.dataset.at) < Number(row.dataset.at),
    );
    const isSeen = row.dataset.row === this.page.openedId() && this.#isInView(row);
    this.rows.insertBefore(row, after ?? this.rows.querySelector("[data-more]"));
    if (isSeen) row.scrollIntoView({ block: "nearest" });
  }

  #isInView(row) {
    const [inner, outer] = [row, this.pane.querySelector("[data-scroll]")].map((one) => one.getBoundingClientRect());
    return row.isConnected && inner.bottom > outer.top && inner.top < outer.bottom;
  }

  #isInOrder(row) {
    const at = Number(row.dataset.at);
    const [above, below] = [row.previousElementSibling, row.nextElementSibling];
    return !(Number(above?.dataset.at) < at) && !(Number(below?.dataset.at) > at);
  }

  /** Whether a new row lies within what is loaded. */
  #belongs(row) {
    const last = [...this.rows.querySelectorAll("[data-row]")].at(-1);
    return !this.rows.querySelector("[data-more]") || !last || Number(last.dataset.at) < Number(row.dataset.at);
  }

  #move(id, act) {
    if (this.#isHeld()) this.#waiting.set(id, act);
    else act();
    this.#tellWaiting();
  }

  /** Whether somebody reads or points here: then nothing moves. */
  #isHeld() {
    const list = this.pane.querySelector("[data-scroll]");
    return Boolean(list && (list.matches(":hover") || list.contains(document.activeElement)));
  }

  #tellWaiting() {
    const place = this.root.querySelector("[data-updated]");
    place.hidden = !this.#waiting.size;
    place.querySelector("[data-updated-count]").textContent = count("updated", this.#waiting.size);
  }
}
