/* The composer: Enter sends, Shift+Enter breaks the line, drafts survive a reload. */
import { fill } from "./dom.js";

const LONGEST = 10_000;

export class Composer extends EventTarget {
  #store;
  #draft = "draft:new";
  #ticker = null;
  #refusal = "";
  #isForFiles = false; // Send was pressed while files were still uploading

  constructor({ form, store, outgoing, files, labels }) {
    super();
    this.form = form;
    this.field = form.querySelector("textarea");
    this.button = form.querySelector("[type=submit]");
    this.counter = this.button.querySelector(".composer__wait");
    this.problem = form.querySelector(".composer__problem");
    this.waiting = form.querySelector(".composer__waiting");
    this.labels = labels;
    this.outgoing = outgoing;
    this.files = files;
    this.isLost = false;
    this.#store = store;
    form.addEventListener("submit", (event) => this.#submit(event));
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("input", () => this.#changed());
    outgoing.addEventListener("change", () => this.#tick());
    files.addEventListener("change", () => this.#filesChanged());
    files.addEventListener("refused", ({ detail }) => this.#refuse(detail));
  }

  /** Show the draft of this conversation (null: of the one that is about to begin). */
  show(conversation) {
    this.#draft = `draft:${conversation ?? "new"}`;
    this.field.value = this.#store.get(this.#draft) ?? "";
    this.files.show(conversation);
    this.#awaitFiles(false);
    this.#fit();
    this.#refuse("");
  }

  /** Move the draft to this conversation (null: the next one). */
  moveTo(conversation) {
    this.#store.remove(this.#draft);
    this.#draft = `draft:${conversation ?? "new"}`;
    if (this.field.value) this.#store.set(this.#draft, this.field.value);
    this.files.moveTo(conversation);
  }

  /** Recall a message that has not left yet, and put it before the draft. */
  takeBack(clientId) {
    const entry = this.outgoing.take(clientId);
    if (!entry) return;
    this.files.restore(entry.files ?? []);
    this.field.value = [entry.text, this.field.value].filter(Boolean).join("\n");
    this.#changed();
    this.focus();
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  #submit(event) {
    event.preventDefault();
    this.files.retry();
    this.#send();
    this.focus();
  }

  #send() {
    const text = this.field.value.trim();
    const canGo = this.#check();
    this.#awaitFiles(canGo && this.files.isBusy);
    if (!canGo || this.files.isBusy || (!text && this.files.isEmpty)) return;
    this.field.value = "";
    this.#changed();
    this.#refuse("");
    this.dispatchEvent(new CustomEvent("say", { detail: { text, files: this.files.take() } }));
  }

  /** Send a message that waits for its files once all are uploaded; keep it where one failed. */
  #filesChanged() {
    if (!this.#isForFiles) return;
    if (this.files.hasFailed) this.#awaitFiles(false);
    else if (!this.files.isBusy) this.#send();
  }

  #awaitFiles(isForFiles) {
    this.#isForFiles = isForFiles;
    this.button.setAttribute("aria-busy", isForFiles);
    this.waiting.hidden = !isForFiles;
    this.waiting.textContent = isForFiles ? this.labels.waits_for_files : "";
  }

  /** Show why a file was refused, until one is accepted. */
  #refuse(reason) {
    if (reason) this.#awaitFiles(false);
    this.#refusal = reason;
    this.#check();
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #changed() {
    if (this.field.value) {
      this.#store.set(this.#draft, this.field.value);
      this.dispatchEvent(new Event("typing"));
    } else {
      this.#store.remove(this.#draft);
    }
    this.#fit();
    this.#check();
  }

  #check() {
    const count = [...this.field.value.trim()].length;
    const isTooLong = count > LONGEST;
    const problem = isTooLong ? fill(this.labels.too_long, { count: count - LONGEST }) : this.#refusal;
    this.problem.hidden = !problem;
    if (this.problem.textContent !== problem) this.problem.textContent = problem;
    this.field.setAttribute("aria-invalid", isTooLong);
    return !isTooLong;
  }

  #fit() {
    if (CSS.supports("field-sizing: content")) return;
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 140)}px`;
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
