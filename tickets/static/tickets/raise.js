/** The dialog in which a ticket is raised: usable at once, its proposal comes when it is ready. */
import { isFilled } from "../ui/field.js";
import { api } from "../ui/http.js";
import { toast } from "../ui/toast.js";
import { say } from "../ui/words.js";

/** A sentence of the nearest `[data-ticket-words]`, with `{name}` filled. */
export function phrase(key, values = {}) {
  for (const template of document.querySelectorAll("template[data-ticket-words]")) {
    const found = template.content.querySelector(`[data-word="${key}"]`);
    if (found) return found.textContent.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }
  return key;
}

/** Open the dialog of `template`; `onCreated` gets the ticket. */
export function raise(template, { onCreated }) {
  const dialog = template.content.querySelector("dialog").cloneNode(true);
  const before = document.activeElement;
  document.body.append(dialog);
  new Draft(dialog, onCreated);
  dialog.showModal();
  dialog.querySelector("[name=subject]").select();
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus();
  });
}

class Draft {
  #isTouched = new Set();

  constructor(dialog, onCreated) {
    this.dialog = dialog;
    this.onCreated = onCreated;
    this.form = dialog.querySelector("[data-ticket-form]");
    this.hint = dialog.querySelector("[data-proposal]");
    this.error = dialog.querySelector("[data-ticket-error]");
    this.button = dialog.querySelector("[data-ticket-submit]");
    this.conversation = this.form.dataset.conversation;
    this.form.addEventListener("input", (event) => this.#isTouched.add(event.target.name));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    });
    dialog.querySelector("[data-ticket-cancel]").addEventListener("click", () => dialog.close());
    if (this.conversation) this.#propose();
  }

  /** Fill in the proposal; what the person wrote meanwhile stays. */
  async #propose() {
    this.#say(phrase("proposing"));
    try {
      const proposal = await api("POST", `/api/v1/conversations/${this.conversation}/ticket-proposal`);
      const isTaken = proposal.source === "model" && this.#take(proposal);
      this.#say(isTaken ? phrase("proposed") : "");
    } catch {
      this.#say("");
    }
  }

  #take(proposal) {
    let isTaken = false;
    for (const name of ["subject", "description"]) {
      if (this.#isTouched.has(name) || !proposal[name]) continue;
      this.form.elements[name].value = proposal[name];
      isTaken = true;
    }
    return isTaken;
  }

  #say(text) {
    this.hint.textContent = text;
    this.hint.hidden = !text;
  }

  async #send() {
    const { subject, description, priority, assignee } = this.form.elements;
    if (!isFilled(subject) || this.button.getAttribute("aria-busy") === "true") return;
    const body = { subject: subject.value, description: description.value, priority: priority.value };
    if (assignee.value) body.assignee = Number(assignee.value);
    if (this.conversation) body.conversation = this.conversation;
    this.button.setAttribute("aria-busy", "true");
    this.error.hidden = true;
    try {
      const ticket = await api("POST", "/api/v1/tickets/", body);
      this.dialog.close();
      this.onCreated(ticket);
    } catch (refusal) {
      this.error.textContent = refusal.detail && refusal.status ? refusal.detail : phrase("failed");
      this.error.hidden = false;
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }
}

/** Say that a ticket was raised, with the way to it. */
export function announce(ticket) {
  const url = `/tickets/${ticket.number}/`;
  toast(phrase("created", { number: ticket.number }), { act: say("open"), onAct: () => location.assign(url) });
}
