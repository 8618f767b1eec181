/* The line under the head that says when the connection is gone, and when it is back. */
const LOST_AFTER = 3000;
const BACK_FOR = 4000;

export class Connection extends EventTarget {
  #timers = {};

  constructor({ session, banner, labels }) {
    super();
    Object.assign(this, { session, banner, labels });
    this.isLost = false;
    session.addEventListener("state", () => this.#look());
  }

  /** Say something there for a while, such as why a call was refused. */
  say(text, look = "banner--error", duration = BACK_FOR) {
    clearTimeout(this.#timers.banner);
    this.banner.className = `banner ${look}`;
    this.banner.textContent = text;
    this.banner.hidden = false;
    if (duration) this.#timers.banner = setTimeout(() => this.#quiet(), duration);
  }

  #look() {
    if (this.session.state === "live") {
      clearTimeout(this.#timers.lost);
      this.#timers.lost = null;
      if (this.isLost) this.say(this.labels.back, "banner--back");
      this.#set(false);
    } else {
      this.#timers.lost ??= setTimeout(() => {
        this.#set(true);
        this.say(this.labels.lost, "banner--offline", 0);
      }, LOST_AFTER);
    }
  }

  #quiet() {
    if (this.isLost) this.say(this.labels.lost, "banner--offline", 0);
    else this.banner.hidden = true;
  }

  #set(isLost) {
    this.isLost = isLost;
    this.dispatchEvent(new Event("change"));
  }
}
