/**
 * The one socket client: hello, follow, resume, heads check, reconnect.
 *
 * Commands go by HTTP; this carries events. A reader names a topic and how far it has read
 * (`after`); it then gets every later event once and in order, whatever happens to the socket. What
 * it does with them stands in `on`, by their types: `(data, seq) => …`. Events of other types are
 * not for it, whatever they are called.
 * States, reported by the event "state": "connecting", "live", "lost", "refused" (signed out or
 * forbidden; only `open()` tries again).
 */
const PROTOCOL = 1;
const SILENCE = 35_000; // without any frame for so long, the socket is dead
const ANSWER = 5_000; // a ping after waking is answered within this, or the socket is dead
const STEADY = 5_000; // a socket that lived so long starts its backoff afresh
const FIRST_DELAY = 500;
const LONGEST_DELAY = 20_000;
const TYPING_EVERY = 3_000;
const REFUSALS = new Set([4401, 4403]);
const GONE = new Set(["forbidden", "not_found"]);

/** One topic's reader: remembers the last `seq` it was given. */
class TopicReader {
  constructor(topic, { after, on = {}, onReset, onFollowing, onGone }) {
    Object.assign(this, { topic, onReset, onFollowing, onGone });
    this.on = new Map(Object.entries(on));
    this.seq = after ?? undefined;
    this.isFollowing = false;
    this.isResetting = false;
  }
}

export class Live extends EventTarget {
  #readers = new Map();
  #requested = new Set();
  #refused = new Map(); // by topic: how often the server could not give it now, and the next try
  #typed = new Map();
  #reads = new Map();
  #viewing;
  #socket = null;
  #attempt = 0;
  #timers = {};
  #receivedAt = 0;
  #listeners = null; // aborts the listeners to the page, while open

  /** `token` may be a string or an async function; it goes into the first frame, never the URL. */
  constructor({ url, token } = {}) {
    super();
    this.url = url;
    this.token = token;
    this.state = "lost";
    this.retryAt = null;
  }

  /** Connect, and stay connected for ever. */
  open() {
    this.#listen();
    if (this.#socket || this.#timers.retry) return this;
    this.#connect();
    return this;
  }

  /** Try now instead of waiting for the next attempt. */
  retry() {
    if (!this.#socket) this.#connect();
  }

  close() {
    this.#listeners?.abort();
    this.#listeners = null;
    clearTimeout(this.#timers.retry);
    this.#timers.retry = null;
    this.#drop();
    this.#report("lost");
  }

  /** Follow `topic`; returns what `unfollow` takes back. */
  follow(topic, handlers) {
    const reader = new TopicReader(topic, handlers);
    const readers = this.#readers.get(topic) ?? new Set();
    this.#readers.set(topic, readers.add(reader));
    if (this.state === "live") this.#ask(topic);
    return reader;
  }

  unfollow(reader) {
    const readers = this.#readers.get(reader.topic);
    if (!readers?.delete(reader) || readers.size) return;
    this.#readers.delete(reader.topic);
    this.#requested.delete(reader.topic);
    this.send({ type: "unfollow", topic: reader.topic });
  }

  /** Ask for `topic` again: what was missed comes, and the live run as a snapshot. */
  refollow(topic) {
    if (this.state === "live" && this.#readers.has(topic)) this.#ask(topic);
  }

  /** Send that the person types in `conversation`; at most once in three seconds. */
  typing(conversation) {
    const last = this.#typed.get(conversation) ?? -Infinity;
    if (performance.now() - last < TYPING_EVERY) return;
    if (this.send({ type: "typing", conversation })) this.#typed.set(conversation, performance.now());
  }

  /** Send which conversation is on screen (or null); repeated after every reconnect. */
  viewing(conversation) {
    this.#viewing = conversation;
    this.send({ type: "viewing", conversation });
  }

  /** Send up to which position the person has read; kept until there is a socket. */
  read(conversation, position) {
    if (this.send({ type: "read", conversation, position })) return;
    this.#reads.set(conversation, Math.max(position, this.#reads.get(conversation) ?? 0));
  }

  /** Send one frame if the socket is live; false if it is not. */
  send(frame) {
    if (this.state !== "live" || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #listen() {
    if (this.#listeners) return;
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    for (const name of ["online", "pageshow"]) globalThis.addEventListener?.(name, () => this.#wake(), { signal });
    globalThis.addEventListener?.("offline", () => this.#probe(), { signal });
    const onVisible = () => document.visibilityState === "visible" && this.#wake();
    globalThis.document?.addEventListener("visibilitychange", onVisible, { signal });
  }

  async #connect() {
    clearTimeout(this.#timers.retry);
    this.#timers.retry = null;
    const socket = (this.#socket = new WebSocket(this.url));
    this.#report("connecting");
    socket.addEventListener("open", () => this.#hello(socket));
    socket.addEventListener("message", (event) => this.#receive(socket, event.data));
    socket.addEventListener("close", (event) => this.#lose(socket, event.code));
    this.#watch(SILENCE);
  }

  async #hello(socket) {
    const frame = { type: "hello", v: PROTOCOL };
    if (this.token) {
      try {
        frame.token = typeof this.token === "function" ? await this.token() : this.token;
      } catch {
        this.#lose(socket, 0);
        return;
      }
    }
    if (socket === this.#socket) socket.send(JSON.stringify(frame));
  }

  #receive(socket, text) {
    if (socket !== this.#socket) return;
    this.#receivedAt = performance.now();
    this.#watch(SILENCE);
    const frame = JSON.parse(text);
    const control = CONTROL.get(frame.type);
    if (control) this[control](frame);
    else if (frame.topic) this.#deliver(frame);
  }

  _welcome() {
    this.#report("live");
    this.#timers.steady = setTimeout(() => (this.#attempt = 0), STEADY);
    for (const topic of this.#readers.keys()) this.#ask(topic);
    if (this.#viewing !== undefined) this.viewing(this.#viewing);
    for (const [conversation, position] of this.#reads) this.read(conversation, position);
    this.#reads.clear();
  }

  _following(frame) {
    // A log that is behind us is another one, such as a backup's: its next events have numbers that we know.
    if (this.#of(frame.topic).some((reader) => reader.seq > frame.head)) {
      this._reset(frame);
      return;
    }
    this.#requested.delete(frame.topic);
    for (const reader of this.#of(frame.topic)) {
      const isAgain = reader.isFollowing;
      reader.isFollowing = true;
      reader.seq ??= frame.head ?? undefined;
      reader.onFollowing?.(frame, isAgain);
    }
  }

  async _reset(frame) {
    this.#requested.delete(frame.topic);
    for (const reader of this.#of(frame.topic)) {
      if (reader.isResetting) continue;
      reader.isResetting = true;
      try {
        reader.seq = (await reader.onReset?.(frame)) ?? frame.head;
      } finally {
        reader.isResetting = false;
      }
    }
    this.refollow(frame.topic);
  }

  _heads(frame) {
    for (const [topic, head] of Object.entries(frame.heads)) {
      if (this.#of(topic).some((reader) => reader.seq < head)) this.#ask(topic);
    }
  }

  _error(frame) {
    const topic = frame.topic ?? (frame.ref?.startsWith?.("follow ") ? frame.ref.slice(7) : null);
    this.#requested.delete(topic);
    if (topic && frame.retry_after) this.#askLater(topic, frame.retry_after * 1000);
    for (const reader of GONE.has(frame.code) ? this.#of(topic) : []) reader.onGone?.();
  }

  _pong() {}

  #deliver(frame) {
    for (const reader of this.#of(frame.topic)) {
      if (reader.isResetting || !this.#isNext(reader, frame)) continue;
      reader.on.get(frame.type)?.(frame.data, frame.seq);
    }
  }

  /** Whether this frame is the one that comes next; notes its seq, asks again after a gap. */
  #isNext(reader, frame) {
    if (frame.seq === undefined) return true;
    if (reader.seq !== undefined && frame.seq <= reader.seq) return false;
    if (reader.seq !== undefined && frame.seq > reader.seq + 1) {
      this.#ask(reader.topic);
      return false;
    }
    reader.seq = frame.seq;
    return true;
  }

  /** Send `follow`, unless the answer to the last one is still outstanding. */
  #ask(topic) {
    if (this.#requested.has(topic)) return;
    const read = this.#of(topic).map((reader) => reader.seq).filter((seq) => seq !== undefined);
    const frame = { type: "follow", topic, ref: `follow ${topic}` };
    if (read.length) frame.after = Math.min(...read);
    if (this.send(frame)) this.#requested.add(topic);
  }

  /** Ask for a topic again that the server could not give now, each time after a longer delay. */
  #askLater(topic, delay) {
    const { number = 0, timer } = this.#refused.get(topic) ?? {};
    clearTimeout(timer);
    const next = setTimeout(() => this.refollow(topic), Math.min(LONGEST_DELAY, delay * 2 ** number));
    this.#refused.set(topic, { number: number + 1, timer: next });
  }

  #of(topic) {
    return [...(this.#readers.get(topic) ?? [])];
  }

  #lose(socket, code) {
    if (socket !== this.#socket) return;
    this.#drop();
    if (REFUSALS.has(code) && typeof this.token !== "function") {
      this.#report("refused", { code });
      return;
    }
    const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempt);
    this.#attempt += 1;
    const delay = Math.random() * ceiling; // full jitter: a thousand clients do not come back at once
    this.retryAt = Date.now() + delay;
    this.#timers.retry = setTimeout(() => this.#connect(), delay);
    this.#report("lost", { code });
  }

  #drop() {
    clearTimeout(this.#timers.silence);
    clearTimeout(this.#timers.steady);
    const socket = this.#socket;
    this.#socket = null;
    this.#requested.clear();
    for (const { timer } of this.#refused.values()) clearTimeout(timer);
    this.#refused.clear();
    socket?.close();
  }

  #watch(limit) {
    clearTimeout(this.#timers.silence);
    const socket = this.#socket;
    this.#timers.silence = setTimeout(() => this.#lose(socket, 0), limit);
  }

  /** After sleep or a lost network: connect at once, or find out whether the socket still lives. */
  #wake() {
    if (this.state === "refused") return;
    if (!this.#socket && this.#timers.retry) this.#connect();
    else if (performance.now() - this.#receivedAt > ANSWER) this.#probe();
  }

  /** Check that the socket still works: without an answer to a ping it is lost. */
  #probe() {
    if (this.send({ type: "ping" })) this.#watch(ANSWER);
  }

  #report(state, detail = {}) {
    if (state === "live") this.retryAt = null;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, retryAt: this.retryAt, ...detail } }));
  }
}

const CONTROL = new Map([
  ["welcome", "_welcome"],
  ["following", "_following"],
  ["reset", "_reset"],
  ["heads", "_heads"],
  ["error", "_error"],
  ["pong", "_pong"],
]);
