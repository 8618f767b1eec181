/**
 * The stretch of a thread that is in the page: at most 180 entries. Earlier and later ones come on
 * scroll and those at the far end leave, while what one reads keeps its pixel.
 */
import { fragment } from "../ui/http.js";
import { exchange, mute } from "./focus.js";
import { placeOf } from "./place.js";

const MOST = 180;
const LOAD_BEFORE = "480px";

export class Stretch {
  #isStopped = false;

  /**
   * `insert` adds entries that came at the end; `onEarlier` is called when some came above, `onEnd`
   * when the newest entry has left the page or may have come back.
   */
  constructor(frame, { insert, onEarlier, onEnd }) {
    Object.assign(this, { insert, onEarlier, onEnd });
    this.items = frame.querySelector("[data-items]");
    this.scroll = frame.querySelector("[data-thread-scroll]");
    this.earlier = frame.querySelector("[data-earlier]");
    this.later = frame.querySelector("[data-later]");
    this.url = frame.dataset.messages;
    this.last = Number(frame.dataset.last);
    this.marker = this.items.querySelector("[data-unread-marker]");
    this.marked = this.marker?.nextElementSibling.id;
    this.#showCut();
    this.observer = new IntersectionObserver(
      (seen) => seen.forEach(({ target, isIntersecting }) => isIntersecting && this.#load(target)),
      { root: this.scroll, rootMargin: `${LOAD_BEFORE} 0px` },
    );
    for (const edge of [this.earlier, this.later]) {
      edge.addEventListener("click", () => this.#load(edge));
      this.observer.observe(edge);
    }
  }

  stop() {
    this.#isStopped = true;
    this.observer.disconnect();
  }

  /** Whether there are entries beyond the last one in the page. */
  get hasLater() {
    return !this.later.hidden;
  }

  get first() {
    return Math.min(...this.#entries().map(positionOf));
  }

  /** Whether the entries of `content` can be added while all that is shown stays. */
  hasRoomFor(content) {
    return this.#entries().length + countOf(content) <= MOST;
  }

  /** Note that there are entries beyond the last one in the page. */
  openEnd() {
    this.#setEdge(this.later, "yes");
  }

  /** Insert an entry or a live answer at its place in the thread. */
  place(element) {
    this.#put(element);
    this.#showAuthors();
  }

  /** Replace an entry by what it is now. */
  replace(known, entry) {
    exchange(known, entry, this.scroll);
    this.#showAuthors();
  }

  #put(element) {
    this.items.insertBefore(element, this.#pendingOf(element) ?? this.#below(placeOf(element.dataset)));
  }

  /** Show who wrote an entry of a group above which another author's entry or an answer stands now. */
  #showAuthors() {
    for (const entry of this.items.querySelectorAll(".message--grouped")) {
      const above = entry.previousElementSibling?.dataset ?? {};
      const isOthers = "position" in above && above.author !== entry.dataset.author;
      if (isOthers || "liveRun" in above) entry.classList.remove("message--grouped");
    }
  }

  /** Add entries at the end; `onPlaced` gets each of them, and whether it is new. */
  add(content, onPlaced) {
    this.#letGo(countOf(content), { isOldest: true });
    this.#take(content, onPlaced);
    this.#showMarker();
  }

  #take(content, onPlaced = () => {}) {
    let day = null;
    for (const entry of [...content.children]) {
      if (entry.dataset.day) {
        day = entry;
        continue;
      }
      const known = document.getElementById(entry.id);
      if (known) exchange(known, entry, this.scroll);
      else this.#put(entry);
      if (day && !this.#has(day)) entry.before(day);
      day = null;
      this.last = Math.max(this.last, positionOf(entry));
      onPlaced(entry, !known || "liveRun" in known.dataset);
    }
    this.#showAuthors();
  }

  /** Return what is to stand right below an element at `place`: an entry, with its day, or an answer. */
  #below(place) {
    const standing = [...this.items.querySelectorAll("[data-position], [data-live-run], [data-pending]")];
    let next = standing.find(({ dataset }) => placeOf(dataset) > place) ?? null;
    while (next?.previousElementSibling?.matches("[data-day], [data-unread-marker]")) next = next.previousElementSibling;
    return next;
  }

  /** Show the newest entries instead of what is shown; false where others came meanwhile. */
  showNewest() {
    return this.#showAnew("newest");
  }

  /** Return the entry of the message `id`; fetch what is around it where it is not in the page. */
  async find(id) {
    const find = () => document.getElementById(`message-${id}`);
    if (!find()) await this.#showAnew(`around=${id}`);
    return find();
  }

  async #showAnew(query) {
    const { last } = this;
    const { content, headers } = await fragment(`${this.url}?${query}`);
    if (this.#isStopped || last !== this.last) return false;
    for (const old of this.items.querySelectorAll("[data-position], [data-day], [data-unread-marker]")) old.remove();
    this.last = 0;
    for (const entry of content.children) mute(entry);
    this.insert(content);
    this.#setEdge(this.earlier, headers.get("X-Earlier"));
    this.#setEdge(this.later, headers.get("X-Later"));
    return true;
  }

  /** Load what lies beyond an edge of the stretch. */
  async #load(edge) {
    if (edge.ariaBusy === "true" || edge.hidden) return;
    edge.ariaBusy = "true";
    const isEarlier = edge === this.earlier;
    const end = isEarlier ? "first" : "last";
    const from = this[end];
    try {
      const { content, headers } = await fragment(`${this.url}?${isEarlier ? "before" : "after"}=${from}`);
      if (this.#isStopped || from !== this[end]) return;
      for (const entry of content.children) mute(entry);
      this.#keepPlace(() => (isEarlier ? this.#prepend(content) : this.insert(content)));
      this.#setEdge(edge, headers.get(isEarlier ? "X-Earlier" : "X-Later"));
    } catch (refusal) {
      if (refusal.isPassing === undefined) throw refusal; // else the button stays and tries again
    } finally {
      edge.ariaBusy = "false";
    }
  }

  /** Insert older entries above. */
  #prepend(content) {
    this.#letGo(countOf(content), { isOldest: false });
    const day = this.earlier.nextElementSibling;
    if (day?.dataset.day && content.querySelector(`[data-day="${day.dataset.day}"]`)) day.remove();
    this.#take(content);
    this.#showMarker();
    this.onEarlier();
  }

  /** Let go of the oldest or the newest entries, so that there is room for `coming` others. */
  #letGo(coming, { isOldest }) {
    const entries = this.#entries().sort((one, other) => positionOf(one) - positionOf(other));
    const excess = Math.min(entries.length + coming - MOST, entries.length);
    if (excess <= 0) return;
    const edge = positionOf(entries[isOldest ? excess - 1 : entries.length - excess]);
    const [gone, kept] = [[], []];
    for (const entry of entries) {
      const isGone = isOldest ? positionOf(entry) <= edge : positionOf(entry) >= edge;
      (isGone ? gone : kept).push(entry);
    }
    for (const entry of gone) entry.remove();
    for (const mark of this.items.querySelectorAll("[data-day], [data-unread-marker]")) if (!isOverEntry(mark)) mark.remove();
    if (!isOldest) this.last = kept.length ? positionOf(kept.at(-1)) : 0;
    this.#setEdge(isOldest ? this.earlier : this.later, "yes");
  }

  /** Run `change`; the topmost entry in sight that is still there keeps its position on the screen. */
  #keepPlace(change) {
    const { top } = this.scroll.getBoundingClientRect();
    const seen = this.#entries().find((entry) => entry.getBoundingClientRect().bottom > top);
    const before = seen?.getBoundingClientRect().top;
    change();
    if (seen?.isConnected) this.scroll.scrollTop += seen.getBoundingClientRect().top - before;
  }

  /** Put the unread marker over the entry over which it stood, where that is in the page again. */
  #showMarker() {
    const entry = this.marker && !this.marker.isConnected && document.getElementById(this.marked);
    if (entry) entry.before(this.marker);
  }

  #setEdge(edge, isThere) {
    edge.hidden = isThere !== "yes";
    this.observer.unobserve(edge); // so that an edge that stays in sight is reported again
    this.observer.observe(edge);
    if (edge !== this.later) return;
    this.#showCut();
    this.onEnd();
  }

  /** While the newest entry is not in the page, what is to stand behind it is not shown either. */
  #showCut() {
    this.items.toggleAttribute("data-cut", this.hasLater);
  }

  #has(day) {
    return this.items.querySelector(`[data-day="${day.dataset.day}"]`);
  }

  #pendingOf({ dataset: { client } }) {
    return client && this.items.querySelector(`[data-pending="${CSS.escape(client)}"]`);
  }

  #entries() {
    return [...this.items.querySelectorAll("[data-position]")];
  }
}

export function positionOf(entry) {
  return Number(entry.dataset.position);
}

function countOf(content) {
  return content.querySelectorAll("[data-position]").length;
}

/** Return whether an entry follows a day or the unread marker, perhaps after the marker. */
function isOverEntry(mark) {
  let next = mark.nextElementSibling;
  if (next?.matches("[data-unread-marker]")) next = next.nextElementSibling;
  return Boolean(next?.dataset.position);
}
