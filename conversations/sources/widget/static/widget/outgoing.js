/* Outgoing messages: kept in the browser until the server has them, sent one after the other.

   A client id makes each arrive exactly once, however often it is tried, in however many tabs. The
   pause between two messages of a conversation is kept here, so a message that comes too early waits
   and goes by itself; so does one that was written without a network. */
import { newId } from "../ui/ids.js";

const PREFIX = "outbox:";
const LONGEST_WAIT = 30_000;

export class OutgoingMessages extends EventTarget {
  #store;
  #deliver;
  #interval;
  #entries = [];
  #nextAt = 0;
  #tries = 0;
  #timer = null;
  #isSending = false;

  constructor({ store, deliver, interval }) {
    super();
    this.#store = store;
    this.#deliver = deliver;
    this.#interval = interval * 1000;
    const kept = store.names(PREFIX).map((name) => store.get(name)).filter(Boolean);
    this.#entries = kept.sort((one, other) => one.at - other.at);
    addEventListener("online", () => this.hurry());
  }

  /** The messages that have not arrived, oldest first; ``failed`` holds a refusal's reason. */
  get entries() {
    return [...this.#entries];
  }

  /** Seconds until the next message may leave, 0 when none is held. */
  get held() {
    return Math.max(0, Math.ceil((this.#nextAt - Date.now()) / 1000));
  }

  add(text, extra = {}) {
    const entry = { client_id: newId(), text, at: Date.now(), ...extra };
    this.#entries.push(entry);
    this.#keep(entry);
    this.#changed();
    this.work();
    return entry;
  }

  /** Recall a message; return it, or null when it has left already. */
  take(clientId) {
    const entry = this.#entries.find((candidate) => candidate.client_id === clientId);
    if (!entry || entry.isLeaving) return null;
    this.#drop(entry);
    return entry;
  }

  retry(clientId) {
    const entry = this.#entries.find((candidate) => candidate.client_id === clientId);
    if (!entry) return;
    delete entry.failed;
    this.#keep(entry);
    this.#changed();
    this.work();
  }

  /** Change the address or files of entries that ``matches`` picks, and retry them. */
  amend(matches, changes) {
    for (const entry of this.#entries.filter(matches)) {
      Object.assign(entry, changes, { failed: undefined });
      this.#keep(entry);
    }
    this.#changed();
    this.work();
  }

  /** Remove a message that the server has, whichever tab sent it. */
  arrived(clientId) {
    const entry = this.#entries.find((candidate) => candidate.client_id === clientId);
    if (entry) this.#drop(entry);
  }

  /** Retry at once: the network is back. */
  hurry() {
    if (this.#tries) this.#nextAt = 0;
    this.#tries = 0;
    this.work();
  }

  clear() {
    for (const entry of [...this.#entries]) this.#drop(entry);
  }

  async work() {
    clearTimeout(this.#timer);
    const entry = this.#entries.find((candidate) => !candidate.failed);
    if (!entry || this.#isSending) return;
    const wait = this.#nextAt - Date.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.work(), wait);
      return;
    }
    this.#isSending = entry.isLeaving = true;
    try {
      await this.#deliver(entry);
      this.#sent(entry);
    } catch (error) {
      this.#refused(entry, error);
    } finally {
      this.#isSending = entry.isLeaving = false;
    }
    this.work();
  }

  #sent(entry) {
    this.#tries = 0;
    this.#nextAt = Date.now() + this.#interval;
    this.#drop(entry);
  }

  #refused(entry, error) {
    if (error.status === 429) {
      this.#nextAt = Date.now() + (error.retryAfter ?? 3) * 1000;
    } else if (error.isPassing) {
      this.#tries += 1;
      const longest = Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(this.#tries, 5));
      this.#nextAt = Date.now() + 500 + Math.random() * longest;
    } else if (error.status) {
      entry.failed = error.message;
      this.#keep(entry);
    } else {
      throw error;
    }
    this.#changed();
  }

  #keep({ isLeaving: _, ...entry }) {
    this.#store.set(PREFIX + entry.client_id, entry);
  }

  #drop(entry) {
    this.#entries = this.#entries.filter((candidate) => candidate !== entry);
    this.#store.remove(PREFIX + entry.client_id);
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
