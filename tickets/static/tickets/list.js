/** The list of tickets: filters and order, and live rows. */
import { live } from "../ui/connection.js";
import { load } from "../ui/pane.js";
import { LiveRows } from "../ui/rows.js";

const SEARCH_AFTER = 250;
const YEAR = 31_536_000;

export class List extends LiveRows {
  constructor(root, page) {
    super(root, page);
    this.#connect();
    this.prepare();
    live.follow("tickets", {
      on: { "ticket.summary": (data) => this.receive(data) },
      onFollowing: (_, isAgain) => isAgain && this.#load(),
    });
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
    this.refreshLeft();
  }

  isOpen(row) {
    return row.dataset.number === this.page.openedId();
  }

  isAfter(row, other) {
    return Number(row.dataset.sort) > Number(other.dataset.sort);
  }

  rewrite(known, fresh) {
    const hadFocus = known.contains(document.activeElement);
    known.replaceChildren(...fresh.childNodes);
    if (hadFocus) known.querySelector("a").focus();
  }

  showOthers(content) {
    const places = this.pane.querySelectorAll("[data-tab-count]");
    content.querySelectorAll("[data-count]").forEach((count, index) => {
      if (places[index]) places[index].textContent = count.textContent;
    });
  }

  #connect() {
    this.root.addEventListener("click", (event) => {
      const link = event.target.closest("[data-filter]");
      if (!link) return;
      event.preventDefault();
      this.#filter(new URL(link.href).searchParams);
    });
    this.root.addEventListener("change", (event) => {
      const { field, order } = event.target.dataset;
      if (field) this.#filter(this.query({ [field]: event.target.value }));
      if (order !== undefined) this.#reorder(event.target.value);
    });
    let timer;
    this.pane.addEventListener("input", (event) => {
      if (!event.target.matches("[data-search]")) return;
      clearTimeout(timer);
      timer = setTimeout(() => this.#filter(this.query({ search: event.target.value.trim() })), SEARCH_AFTER);
    });
  }

  /** The order is remembered for this person. */
  #reorder(order) {
    const { user } = document.documentElement.dataset;
    document.cookie = `tickets_${user}=${order}; path=/tickets/; max-age=${YEAR}; samesite=lax`;
    this.#load();
  }

  #filter(query) {
    const text = query.toString().replaceAll("%2C", ",");
    history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}`);
    this.#load();
  }

  async #load() {
    this.forget();
    await load(this.pane, this.address(), { skeleton: "skeleton-tickets", onLoad: () => this.prepare() });
  }
}
