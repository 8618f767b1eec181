/* The thread: messages, streams, pending messages, and the scroll position.

   Nodes are kept per message, so a change redraws only what changed and a screen reader
   announces each message once. */
import { fill, plural } from "../ui/format.js";
import { applyChunk, startStream } from "../ui/stream.js";
import * as bubble from "./bubble.js";
import { arrange, dayName, dayOf, make, sentence } from "./dom.js";

const GROUPED = 5 * 60_000;
const NEAR_END = 48;
const NEAR_START = 80;
const TYPING_LASTS = 6000;

export class Thread extends EventTarget {
  #messages = new Map();
  #seqs = new Map(); // per message, the topic's seq when it was as it is shown
  #nodes = new Map();
  #streams = new Map();
  #finished = new Set();
  #typing = null;
  #typingTimer = null;
  #missed = 0;
  #hasEarlier = false;
  #isLoading = false;
  #queue = null;

  /** ``withdraw`` gives up the place in the queue. */
  constructor({ scroller, list, pill, labels, outgoing, withdraw }) {
    super();
    Object.assign(this, { scroller, list, pill, labels, outgoing, withdraw });
    this.floor = { control: "ai", queue: null, greeting: null, isLost: false };
    this.isAtEnd = true;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    pill.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.isAtEnd && this.#jump()).observe(scroller);
  }

  clear() {
    this.#messages = new Map(); // a new map, so that pending fetches know that they come too late
    for (const map of [this.#seqs, this.#nodes, this.#streams]) map.clear();
    this.#finished.clear();
    this.#typing = null;
    this.#hasEarlier = false;
    this.#missed = 0;
    this.isAtEnd = true;
    this.draw();
  }

  /** The position of the newest message, 0 for none. */
  get lastPosition() {
    return Math.max(0, ...this.#ordered().map((message) => message.position));
  }

  /** The live run's id, or null. */
  get run() {
    return [...this.#streams.keys()].at(-1) ?? null;
  }

  /** Add messages, in any order, as they were at the topic's ``seq``. */
  add(messages, { hasEarlier, seq = 0 } = {}) {
    if (hasEarlier !== undefined) this.#hasEarlier = hasEarlier;
    for (const message of messages) this.#take(message, seq);
    this.draw();
  }

  /** Add a message that came over the socket. */
  receive(message, seq) {
    const isNew = !this.#messages.has(message.id);
    this.#take(message, seq);
    if (message.author.kind !== "customer") this.#stopTyping();
    this.draw();
    if (isNew && !this.isAtEnd && message.author.kind !== "customer") this.#miss();
  }

  /** Start the stream of a run. */
  startRun({ run, message_id: messageId, assistant }) {
    if (this.#streams.has(run) || this.#finished.has(run) || this.#messages.has(messageId)) return;
    this.#streams.set(run, { state: startStream(), messageId, name: this.#nameOf(assistant), parts: null });
    this.draw();
  }

  /** Apply a chunk; return "gap" when the topic has to be followed again. */
  stream(data) {
    if (this.#finished.has(data.run) || this.#messages.has(data.message_id)) return "ignored";
    this.startRun(data);
    const stream = this.#streams.get(data.run);
    const done = applyChunk(stream.state, data);
    if (!stream.state.text) return done;
    const isFirst = !stream.parts;
    stream.parts ??= bubble.streamNode(stream.name, this.labels);
    if (done === "appended") stream.parts.text.appendData(data.text);
    else if (done === "replaced") stream.parts.text.data = stream.state.text;
    if (isFirst) this.draw();
    else if (this.isAtEnd) this.#jump();
    return done;
  }

  endRun({ run }) {
    this.#finish(run);
    this.draw();
  }

  type(name) {
    this.#typing = name;
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#stopTyping(), TYPING_LASTS);
    this.draw();
  }

  toEnd() {
    this.#missed = 0;
    this.pill.hidden = true;
    this.isAtEnd = true;
    this.#jump();
    this.dispatchEvent(new Event("end"));
  }

  draw() {
    arrange(this.list, [...this.#history(), ...this.#present()]);
    if (this.isAtEnd) this.#jump();
  }

  #history() {
    const messages = this.#ordered();
    const nodes = this.#hasEarlier ? [] : this.#greeting(messages[0]);
    const lastOwn = messages.findLast((message) => message.author.kind === "customer" && message.kind === "message");
    const request = this.floor.control === "requested" && messages.findLast((message) => message.change === "requested");
    let previous = null;
    for (const message of messages) {
      if (dayOf(previous?.created_at ?? Date.now()) !== dayOf(message.created_at)) nodes.push(this.#day(message));
      if (message === request) nodes.push(this.#drawQueue());
      else nodes.push(this.#draw(message, previous, message === lastOwn ? messages : null));
      previous = message;
    }
    if (this.floor.control === "requested" && !request) nodes.push(this.#drawQueue());
    return nodes;
  }

  #present() {
    const nodes = [...this.#streams.values()].filter((stream) => stream.parts).map((stream) => stream.parts.node);
    for (const entry of this.outgoing.entries.filter((entry) => this.isOurs(entry))) {
      if (![...this.#messages.values()].some((message) => message.client_id === entry.client_id)) {
        nodes.push(this.#drawPending(entry));
      }
    }
    const silent = [...this.#streams.values()].find((stream) => !stream.parts);
    const name = silent?.name ?? this.#typing;
    if (name) nodes.push(this.#cached(`typing ${name}`, () => bubble.typingNode(name, this.labels)));
    else for (const key of [...this.#nodes.keys()].filter((key) => key.startsWith("typing "))) this.#nodes.delete(key);
    return nodes;
  }

  #greeting(first) {
    if (!this.floor.greeting) return [];
    const message = { id: "greeting", position: 0, kind: "message", author: this.floor.greeting.author, html: this.floor.greeting.html, text: this.floor.greeting.text };
    const node = this.#cached("greeting", () => bubble.messageNode(message));
    const at = first?.created_at;
    bubble.drawMessage(node, { ...message, created_at: at }, { isGrouped: false, delivery: null, labels: this.labels });
    return [node];
  }

  #draw(message, previous, all) {
    if (message.kind === "system") {
      return this.#cached(message.id, () => bubble.lineNode(this.#wordsOf(message)));
    }
    const node = this.#cached(message.id, () => bubble.messageNode(message));
    const isGrouped = Boolean(previous) && this.#belongs(message, previous);
    const delivery = all && deliveryOf(message, all);
    const renew = (file) => this.#renew(message.position, file);
    bubble.drawMessage(node, message, { isGrouped, delivery, labels: this.labels, renew });
    return node;
  }

  #drawQueue() {
    this.#queue ??= bubble.queueNode(this.labels, this.withdraw);
    bubble.drawQueue(this.#queue, this.floor.queue ?? {}, this.labels);
    return this.#queue.node;
  }

  #drawPending(entry) {
    const node = this.#cached(`pending ${entry.client_id}`, () => bubble.pendingNode(entry));
    const isFirst = this.outgoing.entries.find((candidate) => !candidate.failed) === entry;
    bubble.drawPending(node, entry, {
      held: isFirst ? this.outgoing.held : this.outgoing.held + 1,
      isLost: this.floor.isLost,
      labels: this.labels,
      onTake: () => this.dispatchEvent(new CustomEvent("take", { detail: entry.client_id })),
      onRetry: () => this.outgoing.retry(entry.client_id),
    });
    return node;
  }

  #day(message) {
    const name = dayName(message.created_at, this.labels.today);
    return this.#cached(`day ${dayOf(message.created_at)}`, () => make("li", "day", {}, name));
  }

  #wordsOf(message) {
    const isOwn = message.author.kind === "customer";
    const words = this.labels.lines[isOwn ? `${message.change}_own` : message.change] ?? sentence(message.text, this.labels);
    return fill(words, { name: message.author.name, assistant: this.floor.assistant ?? "" });
  }

  #belongs(message, previous) {
    return (
      previous.kind === "message" &&
      previous.author.kind === message.author.kind &&
      previous.author.name === message.author.name &&
      new Date(message.created_at) - new Date(previous.created_at) < GROUPED
    );
  }

  /** Store ``message``, unless a later version is known. */
  #take(message, seq) {
    if (!(this.#seqs.get(message.id) > seq)) {
      this.#messages.set(message.id, message);
      this.#seqs.set(message.id, seq);
    }
    if (message.client_id) this.outgoing.arrived(message.client_id);
    if (message.run) this.#finish(message.run);
  }

  #finish(run) {
    this.#finished.add(run);
    this.#streams.delete(run);
  }

  #ordered() {
    return [...this.#messages.values()].sort((one, other) => one.position - other.position);
  }

  #cached(key, build) {
    if (!this.#nodes.has(key)) this.#nodes.set(key, build());
    return this.#nodes.get(key);
  }

  #nameOf(assistant) {
    return assistant?.name ?? (typeof assistant === "string" ? assistant : null) ?? this.floor.assistant;
  }

  #stopTyping() {
    clearTimeout(this.#typingTimer);
    if (this.#typing === null) return;
    this.#typing = null;
    this.draw();
  }

  #miss() {
    this.#missed += 1;
    this.pill.textContent = plural(this.labels.new, this.#missed);
    this.pill.hidden = false;
  }

  #jump() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const wasAtEnd = this.isAtEnd;
    this.isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (this.isAtEnd && !this.pill.hidden) this.toEnd();
    if (this.isAtEnd && !wasAtEnd) this.dispatchEvent(new Event("end"));
    if (scrollTop < NEAR_START && this.#hasEarlier && !this.#isLoading) this.#loadEarlier();
  }

  /** Return a file of the message at ``position`` with valid links. */
  async #renew(position, file) {
    const { messages } = await this.fetchEarlier(position + 1, 1);
    return messages[0].attachments.find(({ id }) => id === file);
  }

  async #loadEarlier() {
    this.#isLoading = true;
    const first = this.#ordered()[0]?.position;
    const shown = this.#messages;
    try {
      const { messages, ...state } = await this.fetchEarlier(first);
      if (shown !== this.#messages) return; // another conversation is open now
      const before = this.scroller.scrollHeight - this.scroller.scrollTop;
      this.add(messages, state);
      this.scroller.scrollTop = this.scroller.scrollHeight - before;
    } catch {
      // The next scroll tries again.
    } finally {
      this.#isLoading = false;
    }
  }
}

function deliveryOf(message, all) {
  const isAnswered = all.some((other) => other.position > message.position && ["assistant", "agent"].includes(other.author.kind));
  if (message.status === "read" || isAnswered) return "read";
  return message.status === "delivered" ? "delivered" : "sent";
}
