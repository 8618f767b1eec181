/* The frame's side of the messages with the page that embeds it.

   The first word is the page's "hello"; its origin has to be one of the widget's, and from then on
   only that origin and only the parent window are listened to and written to. */
const GREETED_WITHIN = 5_000;

export class Bridge extends EventTarget {
  #origins;
  #origin = null;
  #greet;

  constructor(origins) {
    super();
    this.#origins = [location.origin, ...origins];
    /** The page's "hello"; null where no page is around, or it says nothing for a while. */
    this.greeting = new Promise((resolve) => {
      this.#greet = resolve;
      setTimeout(() => resolve(null), this.isFramed ? GREETED_WITHIN : 0);
    });
    if (this.isFramed) window.addEventListener("message", (event) => this.#receive(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.send("close");
    });
  }

  get isFramed() {
    return window.parent !== window;
  }

  send(type, data = {}) {
    if (this.#origin) window.parent.postMessage({ parley: 1, type, ...data }, this.#origin);
  }

  emit(name, detail) {
    this.send("event", { name, detail });
  }

  #receive(event) {
    if (event.source !== window.parent || event.data?.parley !== 1) return;
    if (this.#origin ? event.origin !== this.#origin : !this.#origins.includes(event.origin)) return;
    this.#origin = event.origin;
    if (event.data.type === "hello") this.#greet(event.data);
    this.dispatchEvent(new CustomEvent(event.data.type, { detail: event.data }));
  }
}
