/**
 * Outgoing messages: sent here and not yet confirmed by the server.
 *
 * Every message carries an id of our own, so sending it again can never double it; the list is
 * kept in local storage until the response, so any open staff page goes on sending. One public
 * message per interval and conversation: one that comes too early waits and can be called back.
 */
import { newId } from "../ui/ids.js";
import { live, setWaiting } from "../ui/connection.js";
import { api } from "../ui/http.js";
import { toast } from "../ui/toast.js";
import { say } from "../ui/words.js";
import { draftKey, returnToDraft } from "../ui/drafts.js";
import { reopen } from "./closed.js";

const PREFIX = `parley:${document.documentElement.dataset.user}:outbox:`;
const TRY_AGAIN_AFTER = 3_000;
const TICK = 250;
const queues = new Map();
let waitingShown = 0;

/**
 * The outgoing messages of one conversation, oldest first. Dispatches "change" when they are to be
 * drawn anew, "sent" when the server has one, and "refused" when it refuses one; a listener that
 * takes that message back prevents the default, which makes it a draft and shows that.
 */
class OutgoingMessages extends EventTarget {
  messages = [];
  #sendable = 0;
  #tryAt = 0;
  #isSending = false;
  #timer = null;

  constructor(conversation) {
    super();
    this.conversation = conversation;
    this.key = PREFIX + conversation;
  }

  /** The seconds until the next public message may leave. */
  get held() {
    return Math.max(0, Math.ceil((this.#sendable - Date.now()) / 1_000));
  }

  /** Send what is stored, by an earlier page or another tab too. */
  resume() {
    const known = new Set(this.messages.map((one) => one.client_id));
    this.messages.push(...this.#stored().filter((one) => !known.has(one.client_id)));
    this.hurry();
  }

  /** Retry at once: the connection is back. */
  hurry() {
    this.#tryAt = 0;
    this.#pump();
  }

  /**
   * Send `{text, kind, files, interval, reopens}` (seconds; reopen first) as soon as it may leave. What
   * is chosen from a card brings its `choice` and its `client_id`.
   */
  add(message) {
    const outgoing = { client_id: newId(), ...message, page: location.pathname };
    this.messages.push(outgoing);
    this.#store([...this.#stored(), outgoing]);
    this.#pump();
  }

  /** Recall a message; return false when it has left already. */
  callBack(message) {
    if (message.isLeaving || !this.messages.includes(message)) return false;
    this.#forget(message);
    this.#pump();
    return true;
  }

  /** Remove a message that the server has, whichever tab sent it. */
  arrived(clientId) {
    const message = this.messages.find((one) => one.client_id === clientId);
    if (!message) return;
    this.#forget(message);
    this.#pump();
  }

  /** Send the first message if it may leave, else wait and show the seconds. */
  #pump() {
    clearTimeout(this.#timer);
    const [message] = this.messages;
    const until = message?.kind === "message" ? Math.max(this.#tryAt, this.#sendable) : this.#tryAt;
    const wait = until - Date.now();
    if (message && wait <= 0 && !this.#isSending) this.#send(message);
    else if (wait > 0 || this.held) this.#timer = setTimeout(() => this.#pump(), wait > 0 ? Math.min(wait, TICK) : TICK);
    this.#changed();
  }

  async #send(message) {
    if (!this.#stored().some((one) => one.client_id === message.client_id)) {
      this.arrived(message.client_id); // another tab sent or recalled it
      return;
    }
    this.#isSending = message.isLeaving = true;
    const { text, kind, client_id, choice, files = [] } = message;
    const body = { text, kind, client_id, ...(choice && { choice }), ...(files.length && { attachments: files.map(({ id }) => id) }) };
    try {
      if (message.reopens) await reopen(this.conversation);
      await api("POST", `/api/v1/conversations/${this.conversation}/messages/`, body);
      if (kind === "message") this.#sendable = Date.now() + message.interval * 1_000;
      this.#forget(message);
      this.dispatchEvent(new CustomEvent("sent", { detail: message }));
    } catch (error) {
      if (this.messages.includes(message)) this.#refuse(message, error);
    } finally {
      this.#isSending = message.isLeaving = false;
    }
    this.#pump();
  }

  #refuse(message, error) {
    message.waits = false;
    if (error.status === 429) {
      this.#tryAt = Date.now() + (error.retryAfter ?? 1) * 1_000;
      if (message.kind === "message") this.#sendable = this.#tryAt;
    } else if (error.isPassing) {
      message.waits = true; // the next connection, or the clock, sends it
      this.#tryAt = Date.now() + TRY_AGAIN_AFTER;
    } else {
      this.#forget(message);
      const reason = error.code === "ended" ? say("closed_meanwhile") : error.detail;
      const refused = new CustomEvent("refused", { detail: { message, reason }, cancelable: true });
      if (this.dispatchEvent(refused)) this.#keepAsDraft(message, reason);
    }
  }

  #keepAsDraft(message, reason) {
    returnToDraft(draftKey(this.conversation, message.kind), message);
    const onAct = () => location.assign(message.page);
    toast(say("refused", { detail: reason }), { act: say("open"), onAct, isError: true });
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
    const all = [...queues.values()].flatMap((queue) => queue.messages);
    const number = all.some((one) => one.waits) ? all.length : 0;
    if (number !== waitingShown) setWaiting((waitingShown = number));
  }

  #forget(message) {
    this.messages = this.messages.filter((one) => one !== message);
    this.#store(this.#stored().filter((one) => one.client_id !== message.client_id));
  }

  #stored() {
    return JSON.parse(localStorage.getItem(this.key) ?? "[]");
  }

  #store(messages) {
    if (messages.length) localStorage.setItem(this.key, JSON.stringify(messages));
    else localStorage.removeItem(this.key);
  }
}

/** Return the messages of `conversation` that have not arrived. */
export function outgoingOf(conversation) {
  if (!queues.has(conversation)) queues.set(conversation, new OutgoingMessages(conversation));
  return queues.get(conversation);
}

live.addEventListener("state", ({ detail }) => {
  if (detail.state === "live") for (const queue of queues.values()) queue.hurry();
});
for (const key of Object.keys(localStorage)) {
  if (key.startsWith(PREFIX)) outgoingOf(key.slice(PREFIX.length)).resume();
}
