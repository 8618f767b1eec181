/**
 * The lightbox: pictures seen whole, one after the other, in their natural size if wanted. Each link with
 * `data-picture` opens it; without this module the link shows the picture by itself.
 */
import { fill } from "./format.js";
import { Zoom } from "./zoom.js";

const SWIPE = 50; // pixels

const renewals = new WeakMap(); // by link: a function that gives it valid addresses

/** Let `renew` give `link` addresses that are valid, where those of a page may expire. */
export function renewable(link, renew) {
  renewals.set(link, renew);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-picture]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const template = document.getElementById("lightbox");
  if (!template) return;
  event.preventDefault();
  new Lightbox(template, link).open();
});

class Lightbox {
  #at = 0;
  #touch = null; // where a finger came down

  constructor(template, link) {
    const place = link.closest("[data-pictures]") ?? document;
    const links = [...place.querySelectorAll("a[data-picture]")];
    this.pictures = links.flatMap((one) => addressesOf(one).map((_, page) => ({ link: one, page })));
    this.#at = this.pictures.findIndex((picture) => picture.link === link);
    this.dialog = template.content.firstElementChild.cloneNode(true);
    this.parts = {};
    for (const part of this.dialog.querySelectorAll("[data-lightbox]")) this.parts[part.dataset.lightbox] = part;
    this.zoom = new Zoom(this.parts);
  }

  open() {
    const { parts, dialog } = this;
    const acts = { close: () => dialog.close(), previous: () => this.#turn(-1), next: () => this.#turn(1), again: () => this.#again(), in: () => this.zoom.by(1.5), out: () => this.zoom.by(1 / 1.5) };
    for (const [name, act] of Object.entries(acts)) parts[name].addEventListener("click", act);
    parts.picture.addEventListener("load", () => this.#loaded());
    parts.picture.addEventListener("error", () => this.#failed());
    document.addEventListener("keydown", this.#press); // wherever the focus is: a button may be disabled under it
    dialog.addEventListener("close", () => this.#closed());
    parts.stage.addEventListener("click", (event) => event.target === parts.stage && !this.zoom.wasMoved && dialog.close());
    parts.stage.addEventListener("pointerdown", (event) => this.#down(event));
    parts.stage.addEventListener("pointerup", (event) => this.#up(event));
    document.body.append(dialog);
    dialog.showModal();
    parts.close.focus();
    this.#show();
  }

  get #current() {
    return this.pictures[this.#at];
  }

  #turn(step) {
    const next = this.#at + step;
    if (next < 0 || next >= this.pictures.length) return;
    this.#at = next;
    this.#show();
  }

  #show() {
    const { parts } = this;
    const { link } = this.#current;
    const image = link.querySelector("img");
    parts.name.textContent = link.dataset.name;
    parts.picture.alt = image?.alt ?? link.dataset.name;
    parts.info.textContent = this.#words().filter(Boolean).join(" · ");
    parts.said.textContent = `${link.dataset.name}, ${parts.info.textContent}`;
    parts.download.href = link.dataset.file;
    parts.download.download = link.dataset.name;
    this.#disable(parts.previous, this.#at === 0);
    this.#disable(parts.next, this.#at === this.pictures.length - 1);
    this.zoom.reset();
    this.#load();
  }

  /** Take a button away that leads nowhere, and the focus from it. */
  #disable(button, isLast) {
    if (isLast && document.activeElement === button) this.parts.close.focus();
    button.hidden = isLast;
  }

  /** Return what is known of the present picture: its size, its page, its place among all. */
  #words() {
    const { of, page: pageOf, cut } = this.dialog.dataset;
    const { link, page } = this.#current;
    const pages = Number(link.dataset.pageCount);
    const shown = addressesOf(link).length;
    return [
      link.dataset.info,
      pages > 1 ? fill(pageOf, { number: page + 1, count: pages }) : "",
      pages > shown ? fill(cut, { shown }) : "",
      this.pictures.length > 1 ? fill(of, { number: this.#at + 1, count: this.pictures.length }) : "",
    ];
  }

  #load() {
    const { parts, dialog } = this;
    const { link, page } = this.#current;
    if (parts.broken.contains(document.activeElement)) parts.close.focus(); // or the keys would reach nobody
    parts.broken.hidden = true;
    parts.picture.hidden = false;
    dialog.setAttribute("aria-busy", "true");
    parts.picture.removeAttribute("src");
    parts.picture.src = addressesOf(link)[page];
  }

  #loaded() {
    this.dialog.removeAttribute("aria-busy");
    this.zoom.measure();
    const next = this.pictures[this.#at + 1];
    if (next) new Image().src = addressesOf(next.link)[next.page];
  }

  #failed() {
    if (!this.parts.picture.getAttribute("src")) return;
    const { link } = this.#current;
    this.dialog.removeAttribute("aria-busy");
    if (hasExpired(this.parts.picture.src) && renewals.has(link) && !this.#current.wasRenewed) {
      this.#current.wasRenewed = true;
      this.#again();
      return;
    }
    this.parts.picture.hidden = true;
    this.parts.broken.hidden = false;
  }

  /** Load the present picture once more, by a valid address where there is a way to one. */
  async #again() {
    const { link } = this.#current;
    await renewals.get(link)?.().catch(() => {});
    this.parts.download.href = link.dataset.file;
    if (this.#current.link === link) this.#load();
  }

  #press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const back = getComputedStyle(this.dialog).direction === "rtl" ? 1 : -1;
    const turns = { PageUp: -1, PageDown: 1, Home: -this.#at, End: this.pictures.length - 1 - this.#at };
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (!this.zoom.isLarger) Object.assign(turns, { ArrowLeft: back, ArrowRight: -back });
    const zooms = { "+": 1.5, "=": 1.5, "-": 1 / 1.5 };
    if (event.key in turns) this.#turn(turns[event.key]);
    else if (this.zoom.isLarger && event.key in moves) this.zoom.move(...moves[event.key]);
    else if (event.key in zooms) this.zoom.by(zooms[event.key]);
    else if (event.key === "0") this.zoom.reset();
    else return;
    event.preventDefault();
  };

  #down(event) {
    const isFirst = event.isPrimary && event.pointerType !== "mouse" && !this.zoom.isLarger;
    this.#touch = isFirst ? { x: event.clientX, y: event.clientY } : null;
  }

  /** Turn to the next picture where a finger has swiped across. */
  #up(event) {
    if (!this.#touch || this.zoom.isLarger) return;
    const across = event.clientX - this.#touch.x;
    const down = event.clientY - this.#touch.y;
    this.#touch = null;
    if (Math.abs(across) < SWIPE || Math.abs(across) < Math.abs(down)) return;
    const isOn = across < 0 !== (getComputedStyle(this.dialog).direction === "rtl");
    this.#turn(isOn ? 1 : -1);
  }

  /** Give the focus back to the picture, which may have been drawn anew meanwhile. */
  #closed() {
    const { link } = this.#current;
    document.removeEventListener("keydown", this.#press);
    this.dialog.remove();
    const place = link.isConnected ? link : document.querySelector(`a[data-picture="${link.dataset.picture}"]`);
    place?.focus();
  }
}

/** Return the addresses of a picture's pages, the first one's being that of its link. */
function addressesOf(link) {
  return [link.href, ...(link.dataset.pages ?? "").split(" ").filter(Boolean)];
}

function hasExpired(url) {
  return Number(new URL(url).searchParams.get("until") ?? Infinity) * 1000 < Date.now();
}
