/* A menu under a button: arrows move, Escape closes and restores the focus. */
export class Menu {
  constructor({ button, list }) {
    this.button = button;
    this.list = list;
    button.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    button.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") this.#handle(event, () => this.open());
    });
    list.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("click", () => this.close());
    document.addEventListener("pointerdown", (event) => {
      if (this.isOpen && !list.contains(event.target) && !button.contains(event.target)) this.close({ isQuiet: true });
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  open() {
    this.list.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.#items()[0]?.focus();
  }

  close({ isQuiet = false } = {}) {
    this.list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (!isQuiet) this.button.focus();
  }

  #key(event) {
    const items = this.#items();
    const index = items.indexOf(document.activeElement);
    const moves = {
      ArrowDown: () => items[(index + 1) % items.length].focus(),
      ArrowUp: () => items[(index - 1 + items.length) % items.length].focus(),
      Home: () => items[0].focus(),
      End: () => items.at(-1).focus(),
      Escape: () => this.close(),
    };
    if (event.key === "Tab") this.close({ isQuiet: true });
    else if (moves[event.key]) this.#handle(event, moves[event.key]);
  }

  #handle(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #items() {
    return [...this.list.querySelectorAll("[role=menuitem]:not([hidden])")];
  }
}
