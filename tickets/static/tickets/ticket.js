/** One ticket: every field saved where it stands, guarded by the version that one saw. */
import { live } from "../ui/connection.js";
import { api, fragment } from "../ui/http.js";
import { Refresher } from "../ui/refresher.js";
import { refresh } from "../ui/time.js";
import { say } from "../ui/words.js";
import { toast } from "../ui/toast.js";
import { Comment } from "./comment.js";
import { chooseRequester } from "./requester.js";
import { focusNewest, keepEarlier, lacksNewest, putEarlier } from "./timeline.js";

const REFRESH_AFTER = 200;
const LONGEST_SHOWN = 80;

export class Ticket {
  #fresh = new Refresher(() => this.#fetch(), { after: REFRESH_AFTER });
  #isStopped = false;
  #missed = false;
  #toNewest = false;

  constructor(frame, page) {
    this.frame = frame;
    this.page = page;
    this.id = frame.dataset.ticket;
    this.version = Number(frame.querySelector("[data-version]").dataset.version);
    this.comment = new Comment(frame.querySelector("[data-comment]"), this);
    this.#connect();
    remember(frame);
    // Notifications about this ticket are read now; if that fails they stay unread, no more.
    api("POST", "/api/v1/notifications/read", { subject: `ticket:${this.id}` }).catch(() => {});
    this.reader = live.follow(`ticket:${this.id}`, {
      after: Number(frame.dataset.seq),
      on: { "ticket.updated": () => this.refresh(), "ticket.commented": () => this.refresh() },
      onReset: () => this.page.reopen(),
    });
  }

  stop() {
    this.#isStopped = true;
    this.#fresh.stop();
    this.comment.stop();
    live.unfollow(this.reader);
  }

  /** Write a public or an internal comment. */
  write(kind) {
    this.comment.choose(kind);
    this.comment.focus();
    return true;
  }

  /** Fetch the parts again; the one that the person works in keeps what it shows. */
  refresh() {
    this.#fresh.ask();
  }

  /** Show what one has written oneself, wherever in the timeline one reads. */
  wrote() {
    this.#toNewest = lacksNewest(this.#timeline);
    this.refresh();
  }

  get #timeline() {
    return this.frame.querySelector("[data-timeline]");
  }

  #connect() {
    this.frame.addEventListener("change", (event) => {
      if (event.target.dataset.edit) this.#edited(event.target);
    });
    this.frame.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("[data-line]")) return;
      event.preventDefault();
      event.target.blur();
    });
    this.frame.addEventListener("focusout", (event) => {
      if (event.target.dataset.edit === "description") this.#showText();
      if (this.#missed) this.refresh();
    });
    this.frame.addEventListener("click", (event) => {
      const unlink = event.target.closest("[data-unlink]");
      if (unlink) this.#act("unlink", { conversation: unlink.dataset.unlink });
      if (event.target.closest("[data-rewrite]")) this.#rewrite();
      if (event.target.closest("[data-requester]")) this.#askRequester();
      if (event.target.closest("[data-copy-link]")) this.#copyLink();
      const earlier = event.target.closest("[data-earlier]");
      if (earlier) this.#showEarlier(earlier);
      if (event.target.closest("[data-newest]")) this.#showNewest();
    });
  }

  #edited(field) {
    if (field.value === field.dataset.saved) return;
    const value = read(field);
    if (field.dataset.edit === "subject" && !value) field.value = field.dataset.saved;
    else this.#save({ [field.dataset.edit]: value }, field);
  }

  /** A colleague's change to another field is no conflict: ours goes on over it. */
  async #save(values, field, version = this.version) {
    field?.setAttribute("aria-busy", "true");
    try {
      const ticket = await api("PATCH", this.frame.dataset.api, { ...values, version });
      this.version = ticket.version;
      if (field) field.dataset.saved = field.value;
      this.refresh();
      this.page.refreshRow(ticket.id);
    } catch (refusal) {
      if (refusal.code === "stale_version") await this.#resolve(values, field, refusal.body);
      else this.#refuse(refusal);
    } finally {
      field?.removeAttribute("aria-busy");
    }
  }

  async #resolve(values, field, { changes, version }) {
    const clash = changes.find((change) => change.field in values);
    if (!clash) {
      await this.#save(values, field, version);
      return;
    }
    const texts = { name: clash.by.name, from: shown(clash.from), to: shown(clash.to) };
    toast(say("conflict", texts), {
      act: say("keep_mine"),
      isError: true,
      onAct: () => this.#save(values, field, version),
      other: say("take_theirs"),
      onOther: () => this.#giveUp(field),
    });
  }

  /** Replace what the person wrote by what is saved. */
  #giveUp(field) {
    if (field) field.value = field.dataset.saved;
    this.#showText();
    this.refresh();
  }

  #refuse(refusal) {
    toast(refusal.detail && refusal.status ? refusal.detail : say("not_saved"), { isError: true });
  }

  async #act(name, body) {
    try {
      await api("POST", `${this.frame.dataset.api}${name}`, body);
      this.refresh();
    } catch (refusal) {
      this.#refuse(refusal);
    }
  }

  async #fetch() {
    const { content } = await fragment(this.frame.dataset.parts);
    if (this.#isStopped) return;
    const scroll = this.frame.querySelector("[data-ticket-scroll]");
    const isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 48;
    const isInside = this.#timeline.contains(document.activeElement);
    refresh(content);
    const kept = [...content.querySelectorAll("[data-swap]")].filter((part) => !this.#swap(part, isAtEnd));
    this.#missed = kept.length > 0;
    const { version, name } = content.querySelector("i[data-version]").dataset;
    // What one has not seen must not count as seen.
    if (!kept.length) this.version = Number(version);
    this.frame.dataset.name = name;
    this.page.entitle();
    this.comment.label();
    if (isAtEnd || this.#toNewest) scroll.scrollTop = scroll.scrollHeight;
    if (this.#toNewest && isInside) focusNewest(this.#timeline);
    this.#toNewest = false;
  }

  #swap(fresh, isAtEnd) {
    const part = this.frame.querySelector(`[data-swap="${fresh.dataset.swap}"]`);
    const isDirty = [...part.querySelectorAll("[data-edit]")].some((field) => field.value !== field.dataset.saved);
    const isHeld = part.contains(document.activeElement) && document.activeElement.matches("input, textarea");
    if (isDirty || isHeld) return false;
    const focused = part.contains(document.activeElement) ? document.activeElement.dataset.edit : null;
    remember(fresh);
    if (part.matches("[data-timeline]") && !this.#toNewest && !keepEarlier(part, fresh, { isAtEnd })) return true;
    part.replaceWith(fresh);
    if (focused) fresh.querySelector(`[data-edit="${focused}"]`)?.focus();
    return true;
  }

  async #showEarlier({ dataset: { earlier } }) {
    try {
      const { content } = await fragment(earlier);
      const button = this.frame.querySelector(`[data-earlier="${earlier}"]`);
      if (this.#isStopped || !button) return;
      refresh(content);
      putEarlier(button, content);
    } catch {
      toast(say("act_failed"), { isError: true });
    }
  }

  /** Show the newest entries again, from which one went away to earlier ones. */
  #showNewest() {
    this.#toNewest = true;
    this.refresh();
  }

  #rewrite() {
    const part = this.frame.querySelector("[data-swap=text]");
    const field = part.querySelector("textarea");
    part.querySelector("[data-text-shown]").hidden = true;
    field.hidden = false;
    field.focus();
  }

  #showText() {
    const part = this.frame.querySelector("[data-swap=text]");
    const field = part.querySelector("textarea");
    if (field.value !== field.dataset.saved) return;
    field.hidden = true;
    part.querySelector("[data-text-shown]").hidden = false;
  }

  async #askRequester() {
    const contact = await chooseRequester();
    if (contact) this.#save({ requester: contact.id });
  }

  async #copyLink() {
    const url = new URL(`${location.origin}/tickets/${this.frame.dataset.number}/`).href;
    try {
      await navigator.clipboard.writeText(url);
      toast(say("copied", { text: url }));
    } catch {
      toast(say("copy_failed"), { isError: true });
    }
  }
}

/** Remember the server's values, to know what the person changed. */
function remember(root) {
  for (const field of root.querySelectorAll("[data-edit]")) field.dataset.saved = field.value;
}

/** The value of a field as the API takes it. */
function read(field) {
  const text = field.value.trim();
  switch (field.dataset.edit) {
    case "assignee":
      return text ? Number(text) : null;
    case "due_at":
      return text ? new Date(text).toISOString() : null;
    case "tags":
      return text.split(",").map((tag) => tag.trim()).filter(Boolean);
    case "description":
      return field.value;
    default:
      return text;
  }
}

function shown(value) {
  if (value === null || value === undefined) return say("nobody");
  if (Array.isArray(value)) return value.join(", ");
  const text = String(value.name ?? value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 1)}…` : text;
}
