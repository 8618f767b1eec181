/* The widget's screens, one shown at a time: loading, prechat, chat, list or refused. */
export class Screens extends EventTarget {
  #focus;

  /** ``focus`` names, per screen, what takes the focus. */
  constructor({ focus }) {
    super();
    this.#focus = focus;
  }

  get current() {
    return document.body.dataset.screen;
  }

  show(name) {
    document.body.dataset.screen = name;
    for (const part of document.querySelectorAll("[data-screen-part]")) {
      part.hidden = !part.dataset.screenPart.split(" ").includes(name);
    }
    this.dispatchEvent(new CustomEvent("show", { detail: name }));
  }

  focus() {
    this.#focus[this.current]?.();
  }
}
