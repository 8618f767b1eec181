/** The messages of the open conversation that are on their way: the outgoing messages, drawn at the end. */
import { say } from "../ui/words.js";
import { outgoingOf } from "./outgoing.js";

export class PendingBubbles {
  #bubbles = new Map();
  #left = new AbortController();

  constructor(conversation, composer) {
    this.composer = composer;
    this.interval = Number(composer.form.dataset.interval);
    this.outgoing = outgoingOf(conversation);
  }

  /** Whether any message has not left yet. */
  get isWaiting() {
    return this.outgoing.messages.length > 0;
  }

  /** The seconds until the next public message may leave. */
  get held() {
    return this.outgoing.held;
  }

  /** Show messages that have not arrived, from an earlier visit too. */
  resume() {
    const { signal } = this.#left;
    for (const { dataset } of this.composer.thread.items.querySelectorAll("[data-client]")) this.outgoing.arrived(dataset.client);
    this.outgoing.addEventListener("change", () => this.#draw(), { signal });
    this.outgoing.addEventListener("sent", ({ detail }) => this.#sent(detail), { signal });
    this.outgoing.addEventListener("refused", (event) => this.#refused(event), { signal });
    this.outgoing.resume();
  }

  stop() {
    this.#left.abort();
  }

  /** Send `{text, kind, files, reopens}` as soon as it may leave. */
  add(message) {
    this.outgoing.add({ ...message, interval: this.interval });
  }

  /** Note the position of a message that the server has: it keeps its place until it is fetched. */
  stored(clientId, position) {
    const shown = this.#bubbles.get(clientId);
    if (shown) shown.element.dataset.place = position;
  }

  /** Remove a message that the server has: it is shown as a real one. */
  arrived(clientId) {
    this.#remove(clientId);
    this.outgoing.arrived(clientId);
  }

  #draw() {
    const { messages, held } = this.outgoing;
    this.composer.label(held);
    for (const message of messages) this.#state(message, held);
    for (const [id, { isSent }] of this.#bubbles) {
      if (!isSent && !messages.some((one) => one.client_id === id)) this.#remove(id);
    }
  }

  #state(message, seconds) {
    const { element } = this.#bubbles.get(message.client_id) ?? this.#show(message);
    const isHeld = message.kind === "message" && seconds > 0;
    const state = message.waits ? say("waits_connection") : isHeld ? say("sends_in", { seconds }) : say("sending");
    const place = element.querySelector("[data-state]");
    if (place.textContent !== state) place.textContent = state;
    element.querySelector("[data-call-back]").hidden = message.isLeaving || !(message.waits || isHeld);
  }

  #show(message) {
    const element = this.composer.thread.pattern("pending");
    element.dataset.pending = message.client_id;
    element.querySelector("[data-text]").textContent = message.text || message.files.map(({ name }) => name).join(", ");
    if (message.kind === "note") {
      element.classList.add("message--note");
      element.querySelector("[data-note-label]").hidden = false;
    }
    element.querySelector("[data-call-back]").addEventListener("click", () => {
      if (this.outgoing.callBack(message)) this.composer.giveBack(message);
    });
    const shown = { element, isSent: false };
    this.#bubbles.set(message.client_id, shown);
    this.composer.thread.append(element);
    return shown;
  }

  #remove(clientId) {
    this.#bubbles.get(clientId)?.element.remove();
    this.#bubbles.delete(clientId);
  }

  #sent(message) {
    const shown = this.#bubbles.get(message.client_id);
    if (shown) shown.isSent = true;
    this.composer.thread.catchUp();
  }

  #refused(event) {
    event.preventDefault();
    this.composer.giveBack(event.detail.message, event.detail.reason);
  }
}
