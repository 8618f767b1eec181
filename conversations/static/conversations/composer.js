/** The composer: drafts, optimistic sending, one message per interval, exactly once. */
import { live } from "../ui/connection.js";
import { say } from "../ui/words.js";
import { draftKey, keepDraft, returnToDraft } from "./drafts.js";
import { Files } from "./files.js";
import { PendingBubbles } from "./pending.js";

export class Composer {
  #kind = "message";
  #isForFiles = false; // Send was pressed while files were still uploading

  constructor(frame, thread) {
    this.thread = thread;
    this.form = frame.querySelector("[data-composer]");
    this.field = this.form.querySelector("[data-text]");
    this.button = this.form.querySelector("[data-send]");
    this.refusal = this.form.querySelector("[data-refusal]");
    this.reply = this.field.placeholder;
    this.files = new Files(this.form, this);
    this.pending = new PendingBubbles(thread.id, this);
    this.#connect();
    this.#restore();
    this.pending.resume();
  }

  stop() {
    this.#awaitFiles(false);
    this.pending.stop();
  }

  /** Focus the field, or what replaces it while only a template may be sent. */
  focus() {
    const isShut = this.field.offsetParent === null;
    (isShut ? this.form.querySelector("[data-closed] button") : this.field).focus();
  }

  /** Switch to writing a reply or a note. */
  choose(kind) {
    this.#keep();
    this.#awaitFiles(false);
    this.#kind = kind;
    const isNote = kind === "note";
    this.form.classList.toggle("composer--note", isNote);
    for (const tab of this.form.querySelectorAll("[data-kind]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.kind === kind));
    }
    this.field.placeholder = isNote ? this.field.dataset.notePlaceholder : this.reply;
    this.form.querySelector("[data-hint]")?.toggleAttribute("hidden", isNote);
    this.form.querySelector("[data-note-hint]")?.toggleAttribute("hidden", !isNote);
    this.#restore();
    this.label(0);
  }

  /** Show on the button the seconds until the next message may leave, or the verb. */
  label(seconds) {
    const { noteLabel, label } = this.button.dataset;
    const verb = this.#kind === "note" ? noteLabel : label;
    const isHeld = seconds > 0 && this.#kind !== "note" && (this.pending?.isWaiting || this.field.value);
    const text = isHeld ? say("send_in", { seconds }) : verb;
    if (this.button.textContent !== text) this.button.textContent = text;
  }

  /** Remove the pending message that the server has stored. */
  arrived(clientId) {
    if (clientId) this.pending.arrived(clientId);
  }

  /**
   * Put a refused or recalled message back, its text above what was typed since. A person who
   * writes a note stays in it: a reply that comes back becomes the draft of the other tab.
   */
  giveBack(message, reason = "") {
    if (message.kind !== this.#kind && !this.field.value && this.files.isEmpty) this.choose(message.kind);
    returnToDraft(this.#draftKey(message.kind), message);
    this.#restore();
    this.refuse(reason ? say("refused", { detail: reason }) : "");
    this.field.focus();
  }

  /** Show why something was refused, until something is accepted. */
  refuse(reason) {
    if (reason) this.#awaitFiles(false);
    this.refusal.textContent = reason;
    this.refusal.hidden = !reason;
  }

  /** React to a changed file list; send a message that waited for its uploads. */
  filesChanged() {
    if (this.#isForFiles && !this.files.isBusy) this.#send();
  }

  #connect() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.field.addEventListener("input", () => {
      this.#keep();
      if (this.#kind === "message" && this.field.value) live.typing(this.thread.id);
    });
    this.form.addEventListener("click", (event) => {
      const tab = event.target.closest("[data-kind]");
      if (!tab) return;
      this.choose(tab.dataset.kind);
      this.focus();
    });
  }

  #send() {
    const text = this.field.value.trim();
    this.#awaitFiles(this.files.isBusy);
    if (this.files.isBusy || (!text && this.files.isEmpty)) return;
    this.field.value = "";
    this.#keep();
    this.refuse("");
    this.pending.add({ text, kind: this.#kind, files: this.files.take() });
  }

  #awaitFiles(isForFiles) {
    this.#isForFiles = isForFiles;
    this.button.setAttribute("aria-busy", String(isForFiles));
  }

  /** Show the draft of this conversation: its text and its files. */
  #restore() {
    this.field.value = localStorage.getItem(this.#draftKey()) ?? "";
    this.files.open(this.#draftKey());
  }

  #keep() {
    keepDraft(this.#draftKey(), this.field.value);
  }

  #draftKey(kind = this.#kind) {
    return draftKey(this.thread.id, kind);
  }
}
