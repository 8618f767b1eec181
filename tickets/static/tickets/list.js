/** The list: filters in the address, more on scroll, live rows in an order that does not jump. */
import { live } from "../config/connection.js";
import { fragment } from "../config/http.js";
import { load } from "../config/pane.js";
import { refresh } from "../config/time.js";
import { count } from "../config/words.js";

const SEARCH_AFTER = 250;
const GATHER = 250;
const ASKED_AT_ONCE = 60;
const YEAR = 31_536_000;

export class List {
  #asked = new Set();
  #waiting = new Map();
  #timer = null;
  #isFetching = false;

  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.pane = root.querySelector("[data-list]");
    this.url = root.dataset.rows;
    this.#connect();
    this.#prepare();
    live.follow("tickets", {
      onEvent: ({ data }) => this.#hear(data),
      onFollowing: (_, isAgain) => isAgain && this.#load(),
    });
  }

  get rows() {
    return this.pane.querySelector("[data-rows-list]");
  }

  row(number) {
    return this.pane.querySelector(`[data-number="${number}"]`);
  }

  /** Mark the ticket of `number` as the open one. */
  select(number) {
    const before = this.pane.querySelector(".ticket-row--selected");
    before?.classList.remove("ticket-row--selected");
    before?.querySelector("a").removeAttribute("aria-current");
    const row = this.row(number);
    row?.classList.add("ticket-row--selected");
    row?.querySelector("a").setAttribute("aria-current", "true");
    row?.scrollIntoView({ block: "nearest" });
  }

  /** The row `step` after (or before) the open one. */
  neighbour(step) {
    const all = [...(this.rows?.querySelectorAll("[data-row]") ?? [])];
    const index = all.findIndex((row) => row.dataset.number === this.page.opened());
    return all[index === -1 ? (step > 0 ? 0 : all.length - 1) : index + step];
  }

  /** Put rows that waited into their places. */
  settle() {
    const moves = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const move of moves) move();
    this.#tellWaiting();
  }

  #connect() {
    this.root.addEventListener("click", (event) => {
      const link = event.target.closest("[data-filter]");
      const unset = event.target.closest("[data-unset]");
      if (!link && !unset) return;
      event.preventDefault();
      this.#filter(link ? new URL(link.href).searchParams : this.#query({ [unset.dataset.unset]: "" }));
    });
    this.root.addEventListener("change", (event) => {
      const { field, order } = event.target.dataset;
      if (field) this.#filter(this.#query({ [field]: event.target.value }));
      if (order !== undefined) this.#reorder(event.target.value);
    });
    let timer;
    this.pane.addEventListener("input", (event) => {
      if (!event.target.matches("[data-search]")) return;
      clearTimeout(timer);
      timer = setTimeout(() => this.#filter(this.#query({ search: event.target.value.trim() })), SEARCH_AFTER);
    });
    this.pane.addEventListener("pointerleave", () => this.#isHeld() || this.settle());
    this.pane.addEventListener("focusout", () => queueMicrotask(() => this.#isHeld() || this.settle()));
    this.pane.addEventListener("click", (event) => {
      if (event.target.closest("[data-updated-apply]")) this.settle();
    });
  }

  /** The order is remembered for this person. */
  #reorder(order) {
    const { user } = document.documentElement.dataset;
    document.cookie = `tickets_${user}=${order}; path=/tickets/; max-age=${YEAR}; samesite=lax`;
    this.#load();
  }

  #query(changes) {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    return query;
  }

  #filter(query) {
    const text = query.toString().replaceAll("%2C", ",");
    history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}`);
    this.#load();
  }

  async #load() {
    const params = new URLSearchParams(location.search);
    if (this.page.opened()) params.set("open", this.page.opened());
    this.#waiting.clear();
    const field = this.pane.querySelector("[data-search]");
    const typing = field && document.activeElement === field ? field : null;
    await load(this.pane, `${this.url}?${params}`, {
      skeleton: typing ? null : "skeleton-tickets",
      onLoad: () => {
        this.#prepare();
        if (typing) this.#goOn(typing);
      },
    });
  }

  /** Whoever types in the search goes on typing when the list has come. */
  #goOn(before) {
    const field = this.pane.querySelector("[data-search]");
    const place = before.selectionStart;
    field.value = before.value;
    field.focus();
    field.setSelectionRange(place, place);
  }

  #prepare() {
    refresh(this.pane);
    this.end?.disconnect();
    const more = this.pane.querySelector("[data-more]");
    if (!more) return;
    const root = this.pane.querySelector("[data-scroll]");
    const seen = (entries) => entries.some((one) => one.isIntersecting) && this.#loadMore(more);
    this.end = new IntersectionObserver(seen, { root, rootMargin: "0px 0px 480px" });
    this.end.observe(more);
  }

  async #loadMore(more) {
    this.end.disconnect();
    const params = new URLSearchParams(location.search);
    params.set("cursor", more.dataset.more);
    if (this.page.opened()) params.set("open", this.page.opened());
    try {
      const { content } = await fragment(`${this.url}?${params}`);
      for (const row of content.querySelectorAll("[data-row]")) {
        if (this.row(row.dataset.number)) row.remove();
      }
      more.replaceWith(content);
      this.#prepare();
    } catch {
      setTimeout(() => more.isConnected && this.#prepare(), 2_000);
    }
  }

  #hear(summary) {
    const known = this.row(summary.number);
    if (known && Number(known.dataset.seq) >= summary.seq) return;
    this.#asked.add(summary.id);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fetch(), GATHER);
  }

  async #fetch() {
    if (this.#isFetching || !this.#asked.size || !this.rows) return;
    this.#isFetching = true;
    const ids = [...this.#asked].slice(0, ASKED_AT_ONCE);
    for (const id of ids) this.#asked.delete(id);
    const params = new URLSearchParams(location.search);
    for (const id of ids) params.append("id", id);
    if (this.page.opened()) params.set("open", this.page.opened());
    try {
      const { content } = await fragment(`${this.url}?${params}`);
      this.#count(content);
      for (const id of ids) this.#apply(id, content.querySelector(`[data-row="${id}"]`));
    } catch {
      for (const id of ids) this.#asked.add(id);
    } finally {
      this.#isFetching = false;
      if (this.#asked.size) this.#timer = setTimeout(() => this.#fetch(), 4 * GATHER);
    }
  }

  #count(content) {
    const places = this.pane.querySelectorAll("[data-tab-count]");
    content.querySelectorAll("[data-count]").forEach((count, index) => {
      if (places[index]) places[index].textContent = count.textContent;
    });
  }

  /** Change a row in place at once; what would move it may have to wait. */
  #apply(id, fresh) {
    const known = this.pane.querySelector(`[data-row="${id}"]`);
    if (!fresh) {
      if (known && known.dataset.number !== this.page.opened()) this.#move(id, () => known.remove());
      return;
    }
    refresh(fresh);
    this.pane.querySelector("[data-list-blank]")?.remove();
    if (!known) {
      if (this.#belongs(fresh)) this.#move(id, () => this.row(fresh.dataset.number) ?? this.#insert(fresh));
      return;
    }
    Object.assign(known.dataset, fresh.dataset);
    const hadFocus = known.contains(document.activeElement);
    known.replaceChildren(...fresh.childNodes);
    if (hadFocus) known.querySelector("a").focus();
    if (!this.#isInOrder(known)) this.#move(id, () => this.#insert(known));
  }

  #insert(row) {
    const others = [...this.rows.querySelectorAll("[data-row]")].filter((other) => other !== row);
    const after = others.find((other) => Number(other.dataset.sort) > Number(row.dataset.sort));
    this.rows.insertBefore(row, after ?? this.rows.querySelector("[data-more]"));
  }

  #isInOrder(row) {
    const sort = Number(row.dataset.sort);
    const [above, below] = [row.previousElementSibling, row.nextElementSibling];
    return !(Number(above?.dataset.sort) > sort) && !(Number(below?.dataset.sort) < sort);
  }

  /** Whether a new row lies within what is loaded. */
  #belongs(row) {
    const last = [...this.rows.querySelectorAll("[data-row]")].at(-1);
    const hasMore = this.rows.querySelector("[data-more]");
    return !hasMore || !last || Number(last.dataset.sort) > Number(row.dataset.sort);
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
    const place = this.pane.querySelector("[data-updated]");
    if (!place) return;
    place.hidden = !this.#waiting.size;
    place.querySelector("[data-updated-count]").textContent = count("updated", this.#waiting.size);
  }
}
