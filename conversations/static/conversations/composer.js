/** The composer of a conversation: reply or note, optimistic sending, one message per interval. */
import { Composer as BaseComposer } from "../ui/composer.js";
import { live } from "../ui/connection.js";
import { draftKey, drafts, returnToDraft } from "../ui/drafts.js";
import { say } from "../ui/words.js";
import { reopen } from "./choices.js";
import { isClosed } from "./closed.js";
import { Files } from "./files.js";
import { PendingBubbles } from "./pending.js";

export class Composer extends BaseComposer {
  #kind = "message";
  #isClosed = isClosed();

  constructor(frame, thread) {
    super(frame.querySelector("[data-composer]"), { store: drafts });
    this.thread = thread;
    this.reply = this.field.placeholder;
    this.files = new Files(this.form, this);
    this.pending = new PendingBubbles(thread.id, this);
    this.form.addEventListener("click", (event) => {
      const tab = event.target.closest("[data-kind]");
      if (!tab) return;
      this.choose(tab.dataset.kind);
      this.focus();
    });
    this.#open();
    this.pending.resume();
  }

  stop() {
    this.awaitFiles(false);
    this.pending.stop();
  }

  /** Focus the field, or what replaces it while only a template may be sent. */
  focus() {
    const isShut = this.field.offsetParent === null;
    (isShut ? this.form.querySelector("[data-closed] button") : this.field).focus();
  }

  /** Switch to writing a reply or a note. */
  choose(kind) {
    this.keep();
    this.awaitFiles(false);
    this.#kind = kind;
    const isNote = kind === "note";
    this.form.classList.toggle("composer--note", isNote);
    for (const tab of this.form.querySelectorAll("[data-kind]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.kind === kind));
    }
    this.field.placeholder = isNote ? this.field.dataset.notePlaceholder : this.reply;
    this.form.querySelector("[data-hint]")?.toggleAttribute("hidden", isNote);
    this.form.querySelector("[data-note-hint]")?.toggleAttribute("hidden", !isNote);
    this.#open();
    this.label(0);
  }

  /** Show on the button the seconds until the next message may leave, or the verb. */
  label(seconds) {
    const verb = this.#verb();
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
    if (message.choice) {
      reopen(this.thread.items, message.choice);
      this.refuse(reason ? say("refused", { detail: reason }) : "");
      return;
    }
    if (message.kind !== this.#kind && !this.field.value && this.files.isEmpty) this.choose(message.kind);
    returnToDraft(this.#draftKey(message.kind), message);
    this.#open();
    this.refuse(reason ? say("refused", { detail: reason }) : "");
    this.field.focus();
  }

  changed() {
    super.changed();
    if (this.#kind === "message" && this.field.value) live.typing(this.thread.id);
  }

  /** Send what was chosen from a card: `{text, client_id, choice}`. */
  sendChoice(message) {
    this.pending.add({ ...message, kind: "message", files: [], reopens: isClosed() });
    // The pressed button is closed: the focus goes on, where that opens no keyboard on the screen.
    if (matchMedia("(pointer: fine)").matches) this.focus();
  }

  send() {
    const message = this.take();
    if (!message) return;
    this.keep();
    this.pending.add({ ...message, kind: this.#kind, reopens: isClosed() });
  }

  /** Follow the floor: say on the button what sending does, and forget why a closed conversation refused. */
  floorChanged() {
    const wasClosed = this.#isClosed;
    this.#isClosed = isClosed();
    if (wasClosed && !this.#isClosed) this.refuse("");
    this.label(this.pending.held);
  }

  #verb() {
    const { noteLabel, label, reopenLabel, reopenNoteLabel } = this.button.dataset;
    const isNote = this.#kind === "note";
    if (this.#isClosed) return isNote ? reopenNoteLabel : reopenLabel;
    return isNote ? noteLabel : label;
  }

  /** Show the draft of this conversation: its text and its files. */
  #open() {
    this.show(this.#draftKey());
    this.files.open(this.#draftKey());
  }

  #draftKey(kind = this.#kind) {
    return draftKey(this.thread.id, kind);
  }
}
