/** The messages of the open conversation that are on their way: what the sender has, drawn at the end. */
import { say } from "../ui/words.js";
import { queueOf } from "./sender.js";

export class Outbox {
  #bubbles = new Map();
  #left = new AbortController();

  constructor(conversation, composer) {
    this.composer = composer;
    this.interval = Number(composer.form.dataset.interval);
    this.queue = queueOf(conversation);
  }

  /** Whether anything has not gone yet. */
  get isWaiting() {
    return this.queue.letters.length > 0;
  }

  /** Show what has not arrived, from an earlier visit too. */
  resume() {
    const { signal } = this.#left;
    for (const { dataset } of this.composer.thread.items.querySelectorAll("[data-client]")) this.queue.arrived(dataset.client);
    this.queue.addEventListener("change", () => this.#draw(), { signal });
    this.queue.addEventListener("sent", ({ detail }) => this.#sent(detail), { signal });
    this.queue.addEventListener("refused", (event) => this.#refused(event), { signal });
    this.queue.resume();
  }

  stop() {
    this.#left.abort();
  }

  /** Send `{text, kind, files}` as soon as it may go. */
  add(message) {
    this.queue.add({ ...message, interval: this.interval });
  }

  /** The server knows this message: it is shown as a real one. */
  arrived(clientId) {
    this.#remove(clientId);
    this.queue.arrived(clientId);
  }

  #draw() {
    const { letters, held } = this.queue;
    this.composer.label(held);
    for (const letter of letters) this.#state(letter, held);
    for (const [id, { isSent }] of this.#bubbles) {
      if (!isSent && !letters.some((one) => one.client_id === id)) this.#remove(id);
    }
  }

  #state(letter, seconds) {
    const { element } = this.#bubbles.get(letter.client_id) ?? this.#show(letter);
    const isHeld = letter.kind === "message" && seconds > 0;
    const state = letter.waits ? say("waits_connection") : isHeld ? say("sends_in", { seconds }) : say("sending");
    const place = element.querySelector("[data-state]");
    if (place.textContent !== state) place.textContent = state;
    element.querySelector("[data-call-back]").hidden = letter.isLeaving || !(letter.waits || isHeld);
  }

  #show(letter) {
    const element = this.composer.thread.pattern("pending");
    element.dataset.pending = letter.client_id;
    element.querySelector("[data-text]").textContent = letter.text || letter.files.map(({ name }) => name).join(", ");
    if (letter.kind === "note") {
      element.classList.add("message--note");
      element.querySelector("[data-note-label]").hidden = false;
    }
    element.querySelector("[data-call-back]").addEventListener("click", () => {
      if (this.queue.callBack(letter)) this.composer.giveBack(letter);
    });
    const shown = { element, isSent: false };
    this.#bubbles.set(letter.client_id, shown);
    this.composer.thread.append(element);
    return shown;
  }

  #remove(clientId) {
    this.#bubbles.get(clientId)?.element.remove();
    this.#bubbles.delete(clientId);
  }

  #sent(letter) {
    const shown = this.#bubbles.get(letter.client_id);
    if (shown) shown.isSent = true;
    this.composer.thread.catchUp();
  }

  #refused(event) {
    event.preventDefault();
    this.composer.giveBack(event.detail.letter, event.detail.reason);
  }
}
