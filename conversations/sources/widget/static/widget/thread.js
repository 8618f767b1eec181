/* The thread: messages, streams, pending messages, and the scroll position.

   Nodes are kept per message, so a change redraws only what changed and a screen reader
   announces each message once. */
import { placeOf } from "../conversations/place.js";
import { fill, plural } from "../ui/format.js";
import { applyChunk, startStream } from "../ui/stream.js";
import * as bubble from "./bubble.js";
import { filesOf, offerOf } from "./cards.js";
import { arrange, dayName, dayOf, make, newDays, sentence } from "./dom.js";

const GROUPED = 5 * 60_000;
const NEAR_END = 48;
const NEAR_EDGE = 80;
const MOST = 180; // messages at a time: who scrolls on loses those at the far end, until they scroll back
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
  #newest = 0;
  #hasEarlier = false;
  #hasLater = false;
  #isLoading = false;
  #queue = null;
  #said = 0; // the place of the visitor's newest message

  /** ``withdraw`` gives up the place in the queue, ``choose`` sends a choice. */
  constructor({ scroller, list, pill, labels, outgoing, withdraw, choose }) {
    super();
    Object.assign(this, { scroller, list, pill, labels, outgoing, withdraw, choose });
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
    this.#hasEarlier = this.#hasLater = false;
    this.#missed = this.#newest = 0;
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
    for (const message of messages) this.#receive(message, seq);
    if (hasEarlier !== undefined) this.#hasEarlier = hasEarlier;
    this.draw();
  }

  /** Add a message that came over the socket. */
  receive(message, seq) {
    const isNew = message.position > this.#newest;
    this.#newest = Math.max(this.#newest, message.position);
    this.#receive(message, seq);
    if (message.author.kind !== "customer" || message.change === "ended") this.#stopTyping();
    this.draw();
    if (isNew && !this.isAtEnd && message.author.kind !== "customer") this.#miss();
  }

  /** Start the stream of a run. */
  startRun({ run, message_id: messageId, behind, assistant }) {
    if (this.#streams.has(run) || this.#finished.has(run) || this.#messages.has(messageId)) return;
    const place = placeOf({ behind });
    this.#streams.set(run, { state: startStream(), messageId, name: this.#nameOf(assistant), parts: null, place });
    this.draw();
  }

  /** Apply a chunk; return "gap" when the topic has to be followed again. */
  stream(data) {
    if (this.#finished.has(data.run) || this.#messages.has(data.message_id)) return "ignored";
    this.startRun(data);
    const stream = this.#streams.get(data.run);
    const done = applyChunk(stream.state, data);
    if (!stream.state.text && stream.parts) {
      stream.parts = null; // it was taken back: somebody still writes
      this.draw();
    }
    if (!stream.state.text) return done;
    const isFirst = !stream.parts;
    stream.parts ??= bubble.streamNode(stream.name, this.labels);
    stream.parts.text.show(stream.state.text);
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
    if (this.#hasLater) {
      this.#loadNewest();
      return;
    }
    this.#missed = 0;
    this.pill.hidden = true;
    this.isAtEnd = true;
    this.#jump();
    this.dispatchEvent(new Event("end"));
  }

  draw() {
    arrange(this.list, [...this.#history(), ...(this.#hasLater ? [] : this.#present())]);
    if (this.isAtEnd) this.#jump();
  }

  #history() {
    const messages = this.#ordered();
    const nodes = this.#hasEarlier ? [] : this.#greeting(messages[0]);
    const lastOwn = messages.findLast((message) => message.author.kind === "customer" && message.kind === "message");
    this.#said = lastOwn ? placeOf(lastOwn) : 0;
    const request = this.floor.control === "requested" && messages.findLast((message) => message.change === "requested");
    const streams = [...this.#streams.values()].filter((stream) => stream.parts && !this.#hasLater);
    const beginning = newDays(messages);
    let previous = null;
    for (const message of messages) {
      while (streams[0]?.place < placeOf(message)) nodes.push(streams.shift().parts.node);
      if (beginning.has(message)) nodes.push(this.#day(message));
      if (message === request) nodes.push(this.#drawQueue());
      else nodes.push(this.#draw(message, previous, message === lastOwn ? messages : null));
      previous = message;
    }
    nodes.push(...streams.map((stream) => stream.parts.node));
    if (this.floor.control === "requested" && !request) nodes.push(this.#drawQueue());
    return nodes;
  }

  #present() {
    const nodes = [];
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
    bubble.drawMessage(node, { ...message, created_at: at }, { isGrouped: false, delivery: null, labels: this.labels, isOpen: false, busy: null });
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
    const offer = offerOf(message, { said: this.#said, waiting: this.outgoing.entries.filter((entry) => this.isOurs(entry)) });
    bubble.drawMessage(node, message, { isGrouped, delivery, labels: this.labels, renew, choose: this.choose, ...offer });
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
    this.#newest = Math.max(this.#newest, message.position);
    if (!(this.#seqs.get(message.id) > seq)) {
      this.#messages.set(message.id, message);
      this.#seqs.set(message.id, seq);
    }
    this.#settle(message);
  }

  /** Remove what stood for ``message`` until it was written. */
  #settle({ client_id: clientId, run }) {
    if (clientId) this.outgoing.arrived(clientId);
    if (run) this.#finish(run);
  }

  /** Store a message unless it lies beyond what is shown; make room where the end is read. */
  #receive(message, seq) {
    if (this.#isBeyond(message)) {
      this.#settle(message);
      return;
    }
    this.#take(message, seq);
    this.#letGo({ isOldest: this.isAtEnd });
  }

  #finish(run) {
    this.#finished.add(run);
    this.#streams.delete(run);
  }

  #ordered() {
    return [...this.#messages.values()].sort((one, other) => placeOf(one) - placeOf(other));
  }

  /** Return the lowest and the highest position that is shown. */
  #bounds() {
    const positions = [...this.#messages.values()].map((message) => message.position);
    return [Math.min(...positions), Math.max(0, ...positions)];
  }

  /** Whether ``message`` lies beyond what is shown, where there is more; it comes on scroll. */
  #isBeyond({ position }) {
    const [first, last] = this.#bounds();
    return (this.#hasLater && position > last) || (this.#hasEarlier && position < first);
  }

  /** Let go of the oldest or the newest messages beyond the most. */
  #letGo({ isOldest }) {
    const excess = this.#messages.size - MOST;
    if (excess <= 0) return;
    const all = [...this.#messages.values()].sort((one, other) => one.position - other.position);
    for (const { id } of isOldest ? all.slice(0, excess) : all.slice(-excess)) {
      for (const map of [this.#messages, this.#seqs, this.#nodes]) map.delete(id);
    }
    if (isOldest) this.#hasEarlier = true;
    else this.#hasLater = true;
    if (this.#hasLater) this.isAtEnd = false;
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
    this.#drawPill();
  }

  /** Offer the way to the newest message: with the number of new ones, and to whom is far from it. */
  #drawPill() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const isFar = this.#hasLater || scrollHeight - scrollTop > 2 * clientHeight;
    const words = this.#missed ? plural(this.labels.new, this.#missed) : this.labels.newest;
    if (this.pill.textContent !== words) this.pill.textContent = words;
    this.pill.hidden = this.isAtEnd || !(this.#missed || isFar);
  }

  #jump() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const wasAtEnd = this.isAtEnd;
    this.isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END && !this.#hasLater;
    if (this.isAtEnd && !this.pill.hidden) this.toEnd();
    if (this.isAtEnd && !wasAtEnd) this.dispatchEvent(new Event("end"));
    this.#drawPill();
    if (scrollTop < NEAR_EDGE && this.#hasEarlier) this.#loadMore({ isEarlier: true });
    else if (scrollHeight - scrollTop - clientHeight < NEAR_EDGE && this.#hasLater) this.#loadMore({ isEarlier: false });
  }

  /** Return a file of the message at ``position`` with valid links. */
  async #renew(position, file) {
    const { messages } = await this.fetch({ before: position + 1, limit: 1 });
    return filesOf(messages[0]).find(({ id }) => id === file);
  }

  /** Load what lies beyond an edge; the topmost message in sight keeps its place on the screen. */
  async #loadMore({ isEarlier }) {
    const [first, last] = this.#bounds();
    await this.#load(isEarlier ? { before: first } : { after: last }, ({ messages, hasEarlier, hasLater, seq }) => {
      if (isEarlier) this.#hasEarlier = hasEarlier;
      else this.#hasLater = hasLater;
      for (const message of messages) this.#take(message, seq);
      this.#letGo({ isOldest: !isEarlier });
    });
  }

  /** Show the newest messages instead of those that are shown, and scroll to the end. */
  async #loadNewest() {
    await this.#load({}, ({ messages, hasEarlier, seq }) => {
      for (const map of [this.#messages, this.#seqs, this.#nodes]) map.clear();
      this.#hasLater = false;
      this.#hasEarlier = hasEarlier;
      for (const message of messages) this.#take(message, seq);
    });
    if (!this.#hasLater) this.toEnd();
  }

  async #load(query, apply) {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const shown = this.#messages;
    try {
      const page = await this.fetch(query);
      if (shown !== this.#messages) return; // another conversation is open now
      this.#keepPlace(() => {
        apply(page);
        this.draw();
      });
    } catch {
      // The next scroll tries again.
    } finally {
      this.#isLoading = false;
    }
  }

  /** Run ``change``; the topmost message in sight keeps its position on the screen (a day's line moves up with its day). */
  #keepPlace(change) {
    const { top } = this.scroller.getBoundingClientRect();
    const seen = [...this.list.children].find((node) => !node.matches(".day") && node.getBoundingClientRect().bottom > top);
    const before = seen?.getBoundingClientRect().top;
    change();
    if (seen?.isConnected) this.scroller.scrollTop += seen.getBoundingClientRect().top - before;
  }
}

function deliveryOf(message, all) {
  const isAnswered = all.some((other) => placeOf(other) > placeOf(message) && ["assistant", "agent"].includes(other.author.kind));
  if (message.status === "read" || isAnswered) return "read";
  return message.status === "delivered" ? "delivered" : "sent";
}
