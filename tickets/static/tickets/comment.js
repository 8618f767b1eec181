/** Where one comments: public or internal, drafts that survive, exactly once. */
import { Composer } from "../ui/composer.js";
import { draftKey, drafts, keepDraft, returnToDraft } from "../ui/drafts.js";
import { newId } from "../ui/ids.js";
import { api } from "../ui/http.js";
import { say } from "../ui/words.js";
import { Files } from "../conversations/files.js";

export class Comment extends Composer {
  #timer = null;
  #isSending = false;
  #outgoing = null;

  constructor(form, ticket) {
    super(form, { store: drafts });
    this.ticket = ticket;
    this.files = new Files(form, this);
    this.kind = form.querySelector('[aria-selected="true"]').dataset.kind;
    form.addEventListener("click", (event) => {
      const reopen = event.target.closest("[data-reopen]");
      if (reopen) this.#reopen(reopen);
      const tab = event.target.closest("[data-kind]");
      if (!tab) return;
      this.choose(tab.dataset.kind);
      this.focus();
    });
    this.#open();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** Write for the customer or for the team; each has a draft of its own. */
  choose(kind) {
    if (kind === this.kind || this.#isSending) return;
    this.#hold();
    this.keep();
    this.kind = kind;
    this.#open();
  }

  changed() {
    this.#hold();
    super.changed();
  }

  /** Show what was begun here: its text and its files. */
  #open() {
    this.show(this.#key());
    this.#outgoing = JSON.parse(drafts.get(`${this.#key()}:letter`));
    this.files.open(this.#key());
    this.label();
  }

  /** Say who gets what is written here, and what its button does. */
  label() {
    for (const tab of this.form.querySelectorAll("[data-kind]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.kind === this.kind));
    }
    this.form.classList.toggle("composer--note", this.kind === "internal");
    const reach = this.form.querySelector("[data-swap=reach]");
    const isInternal = this.kind === "internal";
    this.field.placeholder = isInternal ? this.field.dataset.internal : reach.dataset.hint;
    this.button.textContent = isInternal ? this.button.dataset.internal : reach.dataset.button;
    const obstacle = reach.querySelector("[data-obstacle]");
    if (obstacle) obstacle.hidden = isInternal;
  }

  /** What waits goes by itself only as it was sent: not what is written now, and not elsewhere. */
  #hold() {
    clearTimeout(this.#timer);
    if (this.#isSending) return;
    this.awaitFiles(false);
    this.label();
  }

  async send() {
    if (this.#isSending) return;
    this.#hold();
    const message = this.take();
    if (!message) return;
    const { text, files } = message;
    this.#isSending = true;
    // The same words keep their id, even when one left meanwhile: trying again never writes them twice.
    const same = this.#outgoing?.text === text && this.#outgoing.kind === this.kind;
    this.#outgoing = { text, kind: this.kind, client_id: same ? this.#outgoing.client_id : newId() };
    keepDraft(`${this.#key()}:letter`, JSON.stringify(this.#outgoing));
    this.button.setAttribute("aria-busy", "true");
    try {
      const attachments = files.map(({ id }) => id);
      await api("POST", `${this.ticket.frame.dataset.api}comments/`, { ...this.#outgoing, attachments });
      this.#outgoing = null;
      keepDraft(`${this.#key()}:letter`, "");
      this.keep();
      this.ticket.wrote();
    } catch (refusal) {
      const isAlone = !this.field.value;
      this.keep();
      returnToDraft(this.#key(), { text, files });
      this.#open();
      if (isAlone && refusal.retryAfter && refusal.status === 429) this.#later(refusal.retryAfter);
      else this.#refuse(refusal);
    } finally {
      this.#isSending = false;
      this.button.removeAttribute("aria-busy");
    }
  }

  /** Reopen the conversation, so that the customer gets what is sent here. */
  async #reopen(button) {
    button.setAttribute("aria-busy", "true");
    try {
      await api("POST", button.dataset.reopen, {});
    } catch (refusal) {
      if (refusal.code !== "not_ended") this.#refuse(refusal);
    } finally {
      button.removeAttribute("aria-busy");
      this.ticket.refresh();
    }
    this.focus();
  }

  /** Too early for the customer's conversation: it goes by itself when it may. */
  #later(seconds) {
    const at = Date.now() + seconds * 1_000;
    const tick = () => {
      const left = Math.ceil((at - Date.now()) / 1_000);
      this.button.textContent = say("send_in", { seconds: Math.max(1, left) });
      if (left > 0) this.#timer = setTimeout(tick, 250);
      else {
        this.label();
        this.send();
      }
    };
    clearTimeout(this.#timer);
    tick();
  }

  #refuse(refusal) {
    const detail = refusal.detail && refusal.status ? refusal.detail : say("not_saved");
    this.refuse(say("comment_refused", { detail }));
  }

  #key() {
    return draftKey("ticket", this.ticket.id, this.kind);
  }
}
