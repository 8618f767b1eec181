/**
 * Where one writes: Enter sends, Shift+Enter breaks the line, and what was begun survives a reload.
 *
 * What was typed before this module ran is kept, too: the field has `autocomplete="off"`, so that
 * nothing in it is the browser's memory of another draft.
 *
 * The form marks its parts with `data-text`, `data-send` and `data-refusal`. A composer of one kind
 * extends this class: it says what `send` does with the message that `take` returns.
 */
const NO_FILES = { isBusy: false, isEmpty: true, hasFailed: false, take: () => [] };
const GROWS = CSS.supports("field-sizing: content");

export class Composer extends EventTarget {
  /** The files beside the text; they call `refuse` and `filesChanged`. */
  files = NO_FILES;
  #store;
  #key;
  #longest;
  #early = ""; // typed before this module ran
  #reason = "";
  #refusedFiles = []; // a line for each
  #isForFiles = false; // sending was requested while files were still being uploaded

  /** `store` keeps the drafts (`get`, `set`, `remove`), `key` names the first one. */
  constructor(form, { store, key = "", longest = Infinity }) {
    super();
    this.#store = store;
    this.#key = key;
    this.#longest = longest;
    this.form = form;
    this.field = form.querySelector("[data-text]");
    this.button = form.querySelector("[data-send]");
    this.refusal = form.querySelector("[data-refusal]");
    this.#early = this.field.value;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    this.field.addEventListener("input", () => this.changed());
  }

  /** What is written, without the spaces around it. */
  get text() {
    return this.field.value.trim();
  }

  /** The number of characters that are too many. */
  get excess() {
    return Math.max(0, [...this.text].length - this.#longest);
  }

  /** Why the message cannot be sent or was refused, in words. */
  get problem() {
    return [this.#reason, ...this.#refusedFiles].filter(Boolean).join("\n");
  }

  focus() {
    this.field.focus();
  }

  /** Show the draft that is kept under `key`; below the first one, what was typed before it came. */
  show(key) {
    this.#key = key;
    this.#write([this.#store.get(key), this.#early].filter(Boolean).join("\n"));
    if (this.#early) this.keep();
    this.#early = "";
    this.#forgetRefusals();
  }

  /** Keep the shown text under `key` from now on. */
  moveTo(key) {
    this.#store.remove(this.#key);
    this.#key = key;
    if (this.field.value) this.keep();
  }

  /** Keep what is written as it is now. */
  keep() {
    if (this.field.value) this.#store.set(this.#key, this.field.value);
    else this.#store.remove(this.#key);
  }

  /** Put a returned text above what was written since. */
  putBack(text) {
    this.#write([text, this.field.value].filter(Boolean).join("\n"));
    this.changed();
  }

  /** React to what was written. */
  changed() {
    this.keep();
    this.#fit();
    this.refuse("");
  }

  /**
   * Return the message `{text, files}` and empty the composer, but not its draft; return null when
   * there is none, or when it has to wait for its files: `send` is then called again.
   */
  take() {
    const { text, files } = this;
    const canGo = !this.excess;
    this.awaitFiles(canGo && files.isBusy);
    if (!canGo || files.isBusy || (!text && files.isEmpty)) return null;
    this.#write("");
    this.#forgetRefusals();
    return { text, files: files.take() };
  }

  /** Show why the message was refused, until it is changed or another is shown. */
  refuse(reason) {
    if (reason) this.awaitFiles(false);
    this.#reason = reason;
    this.#showProblem();
  }

  /** Show why files were refused, a line for each, until others are chosen or the message leaves. */
  refuseFiles(lines) {
    if (lines.length) this.awaitFiles(false);
    this.#refusedFiles = lines;
    this.#showProblem();
  }

  /** Send a message that waits for its files once all are uploaded; keep it where one failed. */
  filesChanged() {
    if (!this.#isForFiles) return;
    if (this.files.hasFailed) this.awaitFiles(false);
    else if (!this.files.isBusy) this.send();
  }

  awaitFiles(isForFiles) {
    this.#isForFiles = isForFiles;
    this.button.setAttribute("aria-busy", String(isForFiles));
  }

  #forgetRefusals() {
    this.#reason = "";
    this.refuseFiles([]);
  }

  #write(text) {
    this.field.value = text;
    this.#fit();
  }

  /** Let the field grow with its text where the browser does not; the style limits both. */
  #fit() {
    if (GROWS) return;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
  }

  #showProblem() {
    const { problem } = this;
    this.refusal.hidden = !problem;
    if (this.refusal.textContent !== problem) this.refusal.textContent = problem;
    this.field.setAttribute("aria-invalid", String(this.excess > 0));
  }
}
