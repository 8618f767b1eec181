/* The frame's side of the messages with the page that embeds it.

   The first word is the page's "hello"; its origin has to be one of the widget's, and from then on
   only that origin and only the parent window are listened to and written to. */
export class Bridge extends EventTarget {
  #origins;
  #origin = null;

  constructor(origins) {
    super();
    this.#origins = [location.origin, ...origins];
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
    this.dispatchEvent(new CustomEvent(event.data.type, { detail: event.data }));
  }
}
