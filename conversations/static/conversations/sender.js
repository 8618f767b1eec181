/**
 * What one has sent and the server has not confirmed.
 *
 * Every message carries an id of our own, so sending it again can never double it; the list is
 * kept in local storage until the answer, so whatever staff page is open sends on. One public
 * message per interval and conversation: one that comes too early waits and can be called back.
 */
import { newId } from "../ui/ids.js";
import { live, setWaiting } from "../ui/connection.js";
import { api } from "../ui/http.js";
import { toast } from "../ui/toast.js";
import { say } from "../ui/words.js";
import { draftKey, returnToDraft } from "./drafts.js";

const PREFIX = `parley:${document.documentElement.dataset.user}:outbox:`;
const TRY_AGAIN_AFTER = 3_000;
const TICK = 250;
const queues = new Map();
let told = 0;

/**
 * The letters of one conversation, oldest first. Tells "change" when they are to be drawn anew,
 * "sent" when the server has one, and "refused" when it will not; who takes that letter back
 * prevents the default, which makes it a draft and says so.
 */
class Queue extends EventTarget {
  letters = [];
  #sendable = 0;
  #tryAt = 0;
  #isSending = false;
  #timer = null;

  constructor(conversation) {
    super();
    this.conversation = conversation;
    this.key = PREFIX + conversation;
  }

  /** Seconds until the next public message may go. */
  get held() {
    return Math.max(0, Math.ceil((this.#sendable - Date.now()) / 1_000));
  }

  /** Send on what is stored, by an earlier page or another tab too. */
  resume() {
    const known = new Set(this.letters.map((one) => one.client_id));
    this.letters.push(...this.#stored().filter((one) => !known.has(one.client_id)));
    this.hurry();
  }

  /** Try at once: there is a connection again. */
  hurry() {
    this.#tryAt = 0;
    this.#pump();
  }

  /** Send `{text, kind, files, interval}` (seconds) as soon as it may go; `page` is where it was written. */
  add(message) {
    const letter = { ...message, client_id: newId(), page: location.pathname };
    this.letters.push(letter);
    this.#store([...this.#stored(), letter]);
    this.#pump();
  }

  /** Take a letter out again; false when it is on its way already. */
  callBack(letter) {
    if (letter.isLeaving || !this.letters.includes(letter)) return false;
    this.#forget(letter);
    this.#pump();
    return true;
  }

  /** The server has this message, whoever brought it there. */
  arrived(clientId) {
    const letter = this.letters.find((one) => one.client_id === clientId);
    if (!letter) return;
    this.#forget(letter);
    this.#pump();
  }

  /** Send the first one if it may go, else wait, telling the seconds. */
  #pump() {
    clearTimeout(this.#timer);
    const [letter] = this.letters;
    const until = letter?.kind === "message" ? Math.max(this.#tryAt, this.#sendable) : this.#tryAt;
    const wait = until - Date.now();
    if (letter && wait <= 0 && !this.#isSending) this.#send(letter);
    else if (wait > 0 || this.held) this.#timer = setTimeout(() => this.#pump(), wait > 0 ? Math.min(wait, TICK) : TICK);
    this.#tell();
  }

  async #send(letter) {
    if (!this.#stored().some((one) => one.client_id === letter.client_id)) {
      this.arrived(letter.client_id); // another tab sent it, or called it back
      return;
    }
    this.#isSending = letter.isLeaving = true;
    const { text, kind, client_id, files = [] } = letter;
    const body = { text, kind, client_id, ...(files.length && { attachments: files.map(({ id }) => id) }) };
    try {
      await api("POST", `/api/v1/conversations/${this.conversation}/messages/`, body);
      if (kind === "message") this.#sendable = Date.now() + letter.interval * 1_000;
      this.#forget(letter);
      this.dispatchEvent(new CustomEvent("sent", { detail: letter }));
    } catch (error) {
      if (this.letters.includes(letter)) this.#refuse(letter, error);
    } finally {
      this.#isSending = letter.isLeaving = false;
    }
    this.#pump();
  }

  #refuse(letter, error) {
    letter.waits = false;
    if (error.status === 429) {
      this.#tryAt = Date.now() + (error.retryAfter ?? 1) * 1_000;
      if (letter.kind === "message") this.#sendable = this.#tryAt;
    } else if (error.isPassing) {
      letter.waits = true; // the next connection, or the clock, sends it
      this.#tryAt = Date.now() + TRY_AGAIN_AFTER;
    } else {
      this.#forget(letter);
      const reason = error.code === "ended" ? say("open_first") : error.detail;
      const refused = new CustomEvent("refused", { detail: { letter, reason }, cancelable: true });
      if (this.dispatchEvent(refused)) this.#keepAsDraft(letter, reason);
    }
  }

  #keepAsDraft(letter, reason) {
    returnToDraft(draftKey(this.conversation, letter.kind), letter);
    const onAct = () => location.assign(letter.page);
    toast(say("refused", { detail: reason }), { act: say("open"), onAct, isError: true });
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
    const all = [...queues.values()].flatMap((queue) => queue.letters);
    const number = all.some((one) => one.waits) ? all.length : 0;
    if (number !== told) setWaiting((told = number));
  }

  #forget(letter) {
    this.letters = this.letters.filter((one) => one !== letter);
    this.#store(this.#stored().filter((one) => one.client_id !== letter.client_id));
  }

  #stored() {
    return JSON.parse(localStorage.getItem(this.key) ?? "[]");
  }

  #store(letters) {
    if (letters.length) localStorage.setItem(this.key, JSON.stringify(letters));
    else localStorage.removeItem(this.key);
  }
}

/** What was sent in `conversation` and has not arrived. */
export function queueOf(conversation) {
  if (!queues.has(conversation)) queues.set(conversation, new Queue(conversation));
  return queues.get(conversation);
}

live.addEventListener("state", ({ detail }) => {
  if (detail.state === "live") for (const queue of queues.values()) queue.hurry();
});
for (const key of Object.keys(localStorage)) {
  if (key.startsWith(PREFIX)) queueOf(key.slice(PREFIX.length)).resume();
}
