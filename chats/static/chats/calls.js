/** The list of calls that concern people: tabs and filters, and live rows in three parts. */
import { live } from "../ui/connection.js";
import { load } from "../ui/pane.js";
import { LiveRows } from "../ui/rows.js";

export class CallList extends LiveRows {
  constructor(root, page) {
    super(root, page);
    this.#connect();
    this.prepare();
    live.follow("approvals", {
      on: { "approval.summary": (data) => this.receive(data) },
      onFollowing: (_, isAgain) => isAgain && this.#load(),
    });
  }

  /** The row `step` after (or before) the open one, over what stands between the parts. */
  neighbour(step) {
    const rows = this.all.filter((row) => !("heading" in row.dataset));
    const index = rows.findIndex((row) => this.isOpen(row));
    return rows[index === -1 ? (step > 0 ? 0 : rows.length - 1) : index + step];
  }

  /** Mark the call `id` as the open one. */
  select(id) {
    const before = this.pane.querySelector(".row--selected");
    before?.classList.remove("row--selected");
    before?.querySelector("a").removeAttribute("aria-current");
    const row = id && this.known(id);
    row?.classList.add("row--selected");
    row?.querySelector("a").setAttribute("aria-current", "true");
    row?.scrollIntoView({ block: "nearest" });
    this.refreshLeft();
  }

  isOpen(row) {
    return row.dataset.row === this.page.openedId();
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
      const { filterField } = event.target.dataset;
      if (filterField) this.#filter(this.query({ [filterField]: event.target.value }));
    });
  }

  #filter(query) {
    const text = query.toString();
    history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}`);
    this.#load();
  }

  async #load() {
    this.forget();
    await load(this.pane, this.address(), { skeleton: "skeleton-call", onLoad: () => this.prepare() });
  }
}
