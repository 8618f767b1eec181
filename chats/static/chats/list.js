/** The list of one's chats: search, more on scroll, fresh whenever one of them changes. */
import { live } from "../ui/connection.js";
import { fragment } from "../ui/http.js";
import { load } from "../ui/pane.js";
import { readingId } from "../ui/reading.js";
import { Refresher } from "../ui/refresher.js";

const SEARCH_AFTER = 250;
const REFRESH_AFTER = 400;

export class ChatList {
  #fresh = new Refresher(() => this.#refresh(), { after: REFRESH_AFTER });
  #isStale = false;
  #list = 0;

  constructor(root) {
    this.root = root;
    this.pane = root.querySelector("[data-list]");
    this.url = root.dataset.listUrl;
    this.#connectSearch();
    this.#watchEnd();
    this.pane.addEventListener("pointerleave", () => this.#isStale && this.refresh());
    this.pane.addEventListener("focusout", () => this.#isStale && this.refresh());
    this.pane.addEventListener("scroll", () => this.#isStale && !this.pane.scrollTop && this.refresh(), { passive: true });
    live.follow("inbox", {
      on: { "conversation.summary": (data) => isOwn(data) && this.refresh() },
      onFollowing: (_, isAgain) => isAgain && this.refresh(),
    });
  }

  link(id) {
    return this.pane.querySelector(`[data-session="${id}"] .session`);
  }

  /** The link `step` after (or before) the one of `id`. */
  neighbour(id, step) {
    const all = [...this.pane.querySelectorAll("[data-session] .session")];
    const index = all.indexOf(this.link(id));
    return all[index === -1 ? (step > 0 ? 0 : all.length - 1) : index + step];
  }

  select(id) {
    for (const link of this.pane.querySelectorAll(".session--selected")) {
      link.classList.remove("session--selected");
      link.removeAttribute("aria-current");
    }
    this.link(id)?.classList.add("session--selected");
    this.link(id)?.setAttribute("aria-current", "true");
  }

  drop(id) {
    this.pane.querySelector(`[data-session="${id}"]`)?.remove();
  }

  /** Fetch the list again, soon; in place while the person points at it, walks in it or has scrolled. */
  refresh() {
    this.#fresh.ask();
  }

  async #refresh() {
    const list = this.#list;
    const { content } = await fragment(this.#address());
    if (list !== this.#list) return; // another search is shown
    const isHeld = this.pane.matches(":hover") || this.pane.contains(document.activeElement);
    this.#isStale = isHeld || this.pane.scrollTop > 0;
    if (this.#isStale) {
      this.#rewrite(content);
      return;
    }
    this.pane.replaceChildren(content);
    this.#watchEnd();
  }

  /** Change entries where they stand: nothing moves under a pointer. */
  #rewrite(content) {
    for (const fresh of content.querySelectorAll("[data-session]") ?? []) {
      const known = this.pane.querySelector(`[data-session="${fresh.dataset.session}"]`);
      if (!known) continue;
      const [link, other] = [known.querySelector(".session"), fresh.querySelector(".session")];
      link.className = other.className;
      link.replaceChildren(...other.childNodes);
    }
  }

  #connectSearch() {
    const field = this.root.querySelector("[data-search]");
    let timer;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#search(field.value.trim()), SEARCH_AFTER);
    });
  }

  #search(text) {
    const query = new URLSearchParams(location.search);
    if (text) query.set("search", text);
    else query.delete("search");
    history.replaceState(history.state, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
    this.#list += 1;
    load(this.pane, this.#address(), { skeleton: "skeleton-list", onLoad: () => this.#watchEnd() });
  }

  #address(cursor = "") {
    const query = new URLSearchParams({ open: this.root.dataset.opened, reading: readingId() });
    const search = new URLSearchParams(location.search).get("search");
    if (search) query.set("search", search);
    if (cursor) query.set("cursor", cursor);
    return `${this.url}?${query}`;
  }

  #watchEnd() {
    this.end?.disconnect();
    const more = this.pane.querySelector("[data-more]");
    if (!more) return;
    this.end = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.#loadMore(more), {
      root: this.pane,
      rootMargin: "0px 0px 320px",
    });
    this.end.observe(more);
  }

  async #loadMore(more) {
    this.end.disconnect();
    const { content } = await fragment(this.#address(more.dataset.more)).catch(() => ({}));
    if (content && more.isConnected) more.replaceWith(content);
    this.#watchEnd();
  }
}

function isOwn(row) {
  return row.author && String(row.author.id) === document.documentElement.dataset.user;
}
