/* The line under the head that shows when the connection is lost, and when it is back. */
const LOST_AFTER = 3000;
const BACK_FOR = 4000;

export class Connection extends EventTarget {
  #timers = {};

  constructor({ session, banner, labels }) {
    super();
    Object.assign(this, { session, banner, labels });
    this.isLost = false;
    session.addEventListener("state", () => this.#check());
  }

  /** Show a text there for a while, such as why a call was refused. */
  say(text, modifier = "banner--error", duration = BACK_FOR) {
    clearTimeout(this.#timers.banner);
    this.banner.className = `banner ${modifier}`;
    this.banner.textContent = text;
    this.banner.hidden = false;
    if (duration) this.#timers.banner = setTimeout(() => this.#quiet(), duration);
  }

  #check() {
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
    document.body.toggleAttribute("data-lost", isLost);
    this.dispatchEvent(new Event("change"));
  }
}
