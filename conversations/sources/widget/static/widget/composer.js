/* The widget's composer: one draft for each conversation, and the seconds until a held message leaves. */
import { Composer as BaseComposer } from "../ui/composer.js";
import { fill, plural } from "../ui/format.js";

const LONGEST = 10_000;
const keyOf = (conversation) => `draft:${conversation ?? "new"}`;

export class Composer extends BaseComposer {
  #ticker = null;

  constructor({ form, store, outgoing, files, labels }) {
    form.addEventListener("submit", () => files.retry());
    super(form, { store, key: keyOf(null), longest: LONGEST });
    form.addEventListener("submit", () => this.focus());
    this.counter = this.button.querySelector(".composer__wait");
    this.waiting = form.querySelector(".composer__waiting");
    this.labels = labels;
    this.outgoing = outgoing;
    this.files = files;
    this.isLost = false;
    outgoing.addEventListener("change", () => this.#tick());
    files.addEventListener("change", () => this.filesChanged());
    files.addEventListener("refused", ({ detail }) => this.refuseFiles(detail));
  }

  get problem() {
    return this.excess ? plural(this.labels.too_long, this.excess) : super.problem;
  }

  /** Show the draft of this conversation (null: of the one that is about to begin). */
  show(conversation) {
    super.show(keyOf(conversation));
    this.files.show(conversation);
    this.awaitFiles(false);
    this.refuse("");
  }

  /** Move the draft to this conversation (null: the next one). */
  moveTo(conversation) {
    super.moveTo(keyOf(conversation));
    this.files.moveTo(conversation);
  }

  /** Recall a message that has not left yet, and put it before the draft. */
  takeBack(clientId) {
    const entry = this.outgoing.take(clientId);
    if (!entry) return;
    this.files.restore(entry.files ?? []);
    this.putBack(entry.text);
    this.focus();
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  changed() {
    super.changed();
    if (this.field.value) this.dispatchEvent(new Event("typing"));
  }

  send() {
    const message = this.take();
    if (!message) return;
    this.keep();
    this.dispatchEvent(new CustomEvent("say", { detail: message }));
  }

  awaitFiles(isForFiles) {
    super.awaitFiles(isForFiles);
    this.waiting.hidden = !isForFiles;
    this.waiting.textContent = isForFiles ? this.labels.waits_for_files : "";
  }

  /** Show on the button the seconds until a held message leaves. */
  #tick() {
    clearTimeout(this.#ticker);
    const isWaiting = this.outgoing.entries.some((entry) => !entry.failed);
    const held = isWaiting && !this.isLost ? this.outgoing.held : 0;
    this.form.classList.toggle("composer--held", held > 0);
    this.counter.textContent = held > 0 ? String(held) : "";
    this.button.setAttribute("aria-label", held > 0 ? fill(this.labels.held, { seconds: held }) : this.labels.send);
    if (held > 0) {
      this.#ticker = setTimeout(() => {
        this.#tick();
        this.dispatchEvent(new Event("tick"));
      }, 250);
    }
  }
}
