/** Where one comments: public or internal, drafts that survive, exactly once. */
import { newId } from "../ui/ids.js";
import { api } from "../ui/http.js";
import { say } from "../ui/words.js";
import { draftKey, keepDraft, returnToDraft } from "../conversations/drafts.js";
import { Files } from "../conversations/files.js";

export class Comment {
  #timer = null;
  #isSending = false;
  #outgoing = null;
  #isForFiles = false; // sending was requested while files were still on their way

  constructor(form, ticket) {
    this.form = form;
    this.ticket = ticket;
    this.field = form.querySelector("[data-text]");
    this.button = form.querySelector("[data-send]");
    this.refusal = form.querySelector("[data-refusal]");
    this.files = new Files(form, this);
    this.kind = form.querySelector('[aria-selected="true"]').dataset.kind;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    form.addEventListener("click", (event) => {
      const tab = event.target.closest("[data-kind]");
      if (!tab) return;
      this.choose(tab.dataset.kind);
      this.focus();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.field.addEventListener("input", () => {
      this.#hold();
      this.#keep();
    });
    this.#open();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  focus() {
    this.field.focus();
  }

  /** Say why something was not taken. */
  refuse(text) {
    if (text) this.#awaitFiles(false);
    this.refusal.textContent = text;
    this.refusal.hidden = !text;
  }

  /** What was to go with files goes as soon as they are up. */
  filesChanged() {
    if (this.#isForFiles && !this.files.isBusy) this.#send();
  }

  /** Write for the customer or for the team; each has a draft of its own. */
  choose(kind) {
    if (kind === this.kind || this.#isSending) return;
    this.#hold();
    this.#keep();
    this.kind = kind;
    this.#open();
  }

  /** Show what was begun here: its text and its files. */
  #open() {
    this.field.value = localStorage.getItem(this.#key()) ?? "";
    this.#outgoing = JSON.parse(localStorage.getItem(`${this.#key()}:letter`));
    this.files.open(this.#key());
    this.#label();
  }

  #label() {
    for (const tab of this.form.querySelectorAll("[data-kind]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.kind === this.kind));
    }
    this.form.classList.toggle("composer--note", this.kind === "internal");
    this.field.placeholder = this.field.dataset[this.kind];
    this.button.textContent = this.button.dataset[this.kind];
  }

  /** What waits goes by itself only as it was sent: not what is written now, and not elsewhere. */
  #hold() {
    clearTimeout(this.#timer);
    if (this.#isSending) return;
    this.#awaitFiles(false);
    this.#label();
  }

  #awaitFiles(isForFiles) {
    this.#isForFiles = isForFiles;
    this.button.toggleAttribute("aria-busy", false);
    if (isForFiles) this.button.setAttribute("aria-busy", "true");
  }

  async #send() {
    if (this.#isSending) return;
    const text = this.field.value.trim();
    this.#hold();
    this.#awaitFiles(this.files.isBusy);
    if (this.files.isBusy || (!text && this.files.isEmpty)) return;
    this.#isSending = true;
    const files = this.files.take();
    // The same words keep their id, even when one left meanwhile: trying again never writes them twice.
    const same = this.#outgoing?.text === text && this.#outgoing.kind === this.kind;
    this.#outgoing = { text, kind: this.kind, client_id: same ? this.#outgoing.client_id : newId() };
    keepDraft(`${this.#key()}:letter`, JSON.stringify(this.#outgoing));
    this.button.setAttribute("aria-busy", "true");
    this.refuse("");
    this.field.value = "";
    try {
      const attachments = files.map(({ id }) => id);
      await api("POST", `${this.ticket.frame.dataset.api}comments/`, { ...this.#outgoing, attachments });
      this.#outgoing = null;
      keepDraft(`${this.#key()}:letter`, "");
      this.#keep();
      this.ticket.refresh();
    } catch (refusal) {
      const isAlone = !this.field.value;
      this.#keep();
      returnToDraft(this.#key(), { text, files });
      this.#open();
      if (isAlone && refusal.retryAfter && refusal.status === 429) this.#later(refusal.retryAfter);
      else this.#refuse(refusal);
    } finally {
      this.#isSending = false;
      this.button.removeAttribute("aria-busy");
    }
  }

  /** Too early for the customer's conversation: it goes by itself when it may. */
  #later(seconds) {
    const at = Date.now() + seconds * 1_000;
    const tick = () => {
      const left = Math.ceil((at - Date.now()) / 1_000);
      this.button.textContent = say("send_in", { seconds: Math.max(1, left) });
      if (left > 0) this.#timer = setTimeout(tick, 250);
      else {
        this.#label();
        this.#send();
      }
    };
    clearTimeout(this.#timer);
    tick();
  }

  #refuse(refusal) {
    const detail = refusal.detail && refusal.status ? refusal.detail : say("not_saved");
    this.refuse(say("comment_refused", { detail }));
  }

  #keep() {
    keepDraft(this.#key(), this.field.value);
  }

  #key() {
    return draftKey("ticket", this.ticket.id, this.kind);
  }
}
