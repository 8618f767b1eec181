/** The inbox's list: filters in the address, and live rows. */
import { live } from "../ui/connection.js";
import { load } from "../ui/pane.js";
import { LiveRows } from "../ui/rows.js";
import { refresh } from "../ui/time.js";
import { say } from "../ui/words.js";
import { askForDates, dates } from "./dates.js";

const SEARCH_AFTER = 250;
const DATES_AFTER = 800; // a day of two digits is typed one by one
const NO_DATES = { after: "", before: "" };

export class List extends LiveRows {
  #isFiltersOpen = false;

  constructor(root, page) {
    super(root, page);
    this.#connectFilters();
    this.#begin();
    this.select(page.openedId());
    live.follow("inbox", {
      on: { "conversation.summary": (data) => this.receive(data) },
      onFollowing: (_, isAgain) => isAgain && this.#load(),
    });
  }

  /** Mark `id` as the open one. */
  select(id) {
    for (const link of this.pane.querySelectorAll(".row--selected")) {
      link.classList.remove("row--selected");
      link.removeAttribute("aria-current");
    }
    const link = this.known(id)?.querySelector(".row");
    link?.classList.add("row--selected");
    link?.setAttribute("aria-current", "true");
    link?.scrollIntoView({ block: "nearest" });
    this.refreshLeft();
  }

  /** Show in the row of `id` that `name` is writing; null removes it. */
  writing(id, name) {
    const place = this.known(id)?.querySelector("[data-preview]");
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

  isOpen(row) {
    return row.dataset.row === this.page.openedId();
  }

  isAfter(row, other) {
    return Number(row.dataset.at) < Number(other.dataset.at);
  }

  /** Replace the content of a link alone, so that it keeps its focus. */
  rewrite(known, fresh) {
    const [link, other] = [known.querySelector(".row"), fresh.querySelector(".row")];
    link.className = other.className;
    link.classList.toggle("row--selected", this.isOpen(known));
    link.replaceChildren(...other.childNodes);
  }

  showOthers(content) {
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

  #connectFilters() {
    this.root.addEventListener("click", (event) => {
      const link = event.target.closest("[data-filter]");
      if (link && !event.metaKey && !event.ctrlKey) {
        event.preventDefault();
        this.#filter(new URL(link.href).searchParams);
      }
      if (event.target.closest("[data-filters-toggle]")) this.#toggleFilters();
    });
    let timer;
    this.root.addEventListener("change", ({ target }) => {
      const { field, date } = target.dataset;
      clearTimeout(timer);
      if (field === "period" && target.value === "custom") askForDates(this.pane);
      else if (field) this.#filter(this.query({ ...(field === "period" && NO_DATES), [field]: target.value }));
      else if (date) timer = setTimeout(() => this.#filter(this.query({ period: "", ...dates(this.pane) })), DATES_AFTER);
    });
    const search = this.root.querySelector("[data-search]");
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#filter(this.query({ search: search.value.trim() })), SEARCH_AFTER);
    });
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

  #filter(query) {
    const text = query.toString();
    history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}`);
    const search = this.root.querySelector("[data-search]");
    if (document.activeElement !== search) search.value = query.get("search") ?? "";
    this.#load();
  }

  async #load() {
    this.forget();
    const focused = this.#focusedFilter();
    await load(this.pane, this.address(), { skeleton: "skeleton-list", onLoad: () => this.#begin() });
    if (focused && document.activeElement === document.body) this.pane.querySelector(focused)?.focus();
  }

  /** Return a selector of the focused filter, to restore the focus in the fresh list. */
  #focusedFilter() {
    const filter = document.activeElement?.closest("[data-list] :is([data-field], [data-date], [data-filter])");
    if (!filter) return null;
    if (filter.dataset.date) return `[data-date="${filter.dataset.date}"]`;
    return filter.dataset.field ? `[data-field="${filter.dataset.field}"]` : ".tabs__item[aria-current]";
  }

  #begin() {
    this.prepare();
    this.#showFilters();
  }
}
