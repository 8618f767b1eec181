/**
 * What one has sent and the server has not confirmed.
 *
 * Every message carries an id of our own, so sending it again can never double it; the list is
 * kept in local storage until the answer, so a reload sends on. One public message per interval:
 * one that comes too early waits, shows its seconds and can be called back.
 */
import { live, setWaiting } from "../config/connection.js";
import { api } from "../config/http.js";
import { say } from "../config/words.js";

const TRY_AGAIN_AFTER = 3_000;

export class Outbox {
  #letters = [];
  #sendable = 0;
  #isSending = false;
  #timer = null;
  #onState = ({ detail }) => detail.state === "live" && this.#pump();

  constructor(conversation, composer) {
    this.composer = composer;
    this.url = composer.form.dataset.post;
    this.interval = Number(composer.form.dataset.interval) * 1_000;
    this.key = `parley:${document.documentElement.dataset.user}:outbox:${conversation}`;
    live.addEventListener("state", this.#onState);
  }

  /** Whether anything has not gone yet. */
  get isWaiting() {
    return this.#letters.some((one) => !one.isDone);
  }

  /** Send on what a reload interrupted. */
  resume() {
    for (const letter of JSON.parse(localStorage.getItem(this.key) ?? "[]")) this.#show(letter);
    this.#pump();
  }

  stop() {
    clearTimeout(this.#timer);
    live.removeEventListener("state", this.#onState);
    setWaiting(0);
  }

  /** Send `{text, kind, files}` as soon as it may go. */
  add(message) {
    this.#show({ ...message, client_id: crypto.randomUUID() });
    this.#pump();
  }

  /** The server knows this message: it is shown as a real one. */
  arrived(clientId) {
    const letter = this.#letters.find((one) => one.client_id === clientId);
    if (letter) this.#forget(letter);
  }

  #show(letter) {
    const bubble = this.composer.thread.pattern("pending");
    bubble.dataset.pending = letter.client_id;
    bubble.querySelector("[data-text]").textContent = letter.text || letter.files.map(({ name }) => name).join(", ");
    if (letter.kind === "note") {
      bubble.classList.add("message--note");
      bubble.querySelector("[data-note-label]").hidden = false;
    }
    bubble.querySelector("[data-call-back]").addEventListener("click", () => this.#callBack(letter));
    this.#letters.push(Object.assign(letter, { bubble }));
    this.composer.thread.append(bubble);
    this.#save();
  }

  /** Send the next one if it may go, else show how long it waits. */
  #pump() {
    clearTimeout(this.#timer);
    const letter = this.#letters.find((one) => !one.isDone);
    const wait = letter?.kind === "message" ? this.#sendable - Date.now() : 0;
    this.#tell(wait);
    if (wait > 0) this.#timer = setTimeout(() => this.#pump(), Math.min(wait, 250));
    else if (letter && !this.#isSending) this.#send(letter);
    else if (this.#sendable > Date.now()) this.#timer = setTimeout(() => this.#pump(), 250);
  }

  async #send(letter) {
    this.#isSending = true;
    const { text, kind, client_id, files = [] } = letter;
    const body = { text, kind, client_id, ...(files.length && { attachments: files.map(({ id }) => id) }) };
    try {
      await api("POST", this.url, body);
      letter.isDone = true;
      if (kind === "message") this.#sendable = Date.now() + this.interval;
      this.#save();
      this.composer.thread.catchUp();
    } catch (error) {
      this.#refuse(letter, error);
    } finally {
      this.#isSending = false;
    }
    if (!letter.waits) this.#pump();
  }

  #refuse(letter, error) {
    letter.waits = false;
    if (error.status === 429) {
      this.#sendable = Date.now() + (error.retryAfter ?? 1) * 1_000;
    } else if (error.isPassing) {
      letter.waits = true; // the next connection, or the clock, sends it
      this.#timer = setTimeout(() => this.#pump(), TRY_AGAIN_AFTER);
      this.#state(letter, say("waits_connection"), true);
      setWaiting(this.#letters.filter((one) => !one.isDone).length);
    } else {
      this.#forget(letter);
      this.composer.giveBack(letter, error.code === "ended" ? say("open_first") : error.detail);
    }
  }

  #tell(wait) {
    const seconds = Math.ceil(Math.max(wait, this.#sendable - Date.now()) / 1_000);
    this.composer.label(seconds);
    for (const letter of this.#letters.filter((one) => !one.isDone)) {
      if (letter.waits) continue;
      const isHeld = letter.kind === "message" && seconds > 0;
      this.#state(letter, isHeld ? say("sends_in", { seconds }) : say("sending"), isHeld);
    }
    if (!this.#letters.some((one) => one.waits)) setWaiting(0);
  }

  #state(letter, text, mayBeRecalled) {
    letter.bubble.querySelector("[data-state]").textContent = text;
    letter.bubble.querySelector("[data-call-back]").hidden = !mayBeRecalled;
  }

  #callBack(letter) {
    this.#forget(letter);
    this.composer.giveBack(letter);
  }

  #forget(letter) {
    this.#letters = this.#letters.filter((one) => one !== letter);
    letter.bubble.remove();
    this.#save();
  }

  #save() {
    const open = this.#letters.filter((one) => !one.isDone).map(stored);
    if (open.length) localStorage.setItem(this.key, JSON.stringify(open));
    else localStorage.removeItem(this.key);
  }
}

/** What of a letter outlives a reload. */
function stored({ text, kind, client_id, files }) {
  return { text, kind, client_id, files };
}
