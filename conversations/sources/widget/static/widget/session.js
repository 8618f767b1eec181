/* The visitor's session: the token, the contact, the conversations and their socket. */
import { Live } from "../ui/live.js";

const FOLLOWED = 10;
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 30_000;

export class Session extends EventTarget {
  #api;
  #store;
  #socket;
  #on;
  #live = null;
  #followed = new Map();
  #opening = null;
  #identity = null;
  #retry = null;
  #refusals = 0;

  /** `on` names what an event does, by its type: `(id, data, seq) => …`, `id` the conversation's. */
  constructor({ api, store, socket, on }) {
    super();
    this.#api = api;
    this.#store = store;
    this.#socket = socket;
    this.#on = on;
    this.#api.token = store.get("token");
    this.conversations = new Map();
    this.contact = null;
    store.watch("begun", () => this.#catchUp());
    addEventListener("online", () => this.#retry && this.#openAgain());
  }

  get isOpen() {
    return this.contact !== null;
  }

  /** Whether this browser was here before, in whichever tab. */
  get isKnown() {
    return Boolean(this.#api.token ?? this.#store.get("token"));
  }

  get state() {
    return this.#live?.state ?? "lost";
  }

  /** Whether this visitor may use the assistant no more. */
  get isBlocked() {
    return this.list.some((conversation) => conversation.switch === "blocked");
  }

  /** Newest first. */
  get list() {
    const dated = (conversation) => conversation.last_message?.at ?? conversation.created_at;
    return [...this.conversations.values()].sort((one, other) => dated(other).localeCompare(dated(one)));
  }

  /** Continue with the stored token, or begin. */
  async open() {
    if (this.isOpen) return;
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    await this.#opening;
  }

  /** Send the visitor's identity; a signed one leads to that contact's conversations. */
  async identify(identity) {
    this.#identity = identity;
    await this.#opening?.catch(() => {});
    this.contact = null;
    try {
      await this.open();
    } catch (error) {
      // A refused identity is not retried; the former session goes on without it.
      this.#identity = null;
      if (this.isKnown) await this.open();
      throw error;
    }
  }

  /** Begin afresh, as ``token`` opens nothing any more, unless another tab has. */
  async renew(token) {
    this.#replace(token);
    await this.open();
  }

  /** Fetch conversations that began elsewhere. */
  async refresh() {
    const { conversations } = await this.#api.session(this.#identity);
    for (const conversation of conversations) this.update(conversation);
  }

  async start(details) {
    await this.open();
    const conversation = await this.#api.start(details);
    this.#keep(conversation);
    this.#store.set("begun", conversation.id);
    this.dispatchEvent(new CustomEvent("started", { detail: conversation.id }));
    return conversation;
  }

  /** Take in the server's changes of a conversation, unless they are older than the known ones. */
  update(changes) {
    const known = this.conversations.get(changes.id);
    if (!known) return this.#keep(changes);
    if (!(changes.seq < known.seq)) Object.assign(known, changes);
    this.#follow(known);
    this.dispatchEvent(new Event("change"));
    return known;
  }

  drop(id) {
    this.conversations.delete(id);
    this.#live?.unfollow(this.#followed.get(id));
    this.#followed.delete(id);
    this.dispatchEvent(new Event("change"));
  }

  /** Forget this visitor here, and make the server revoke the token. */
  async reset() {
    await this.#opening?.catch(() => {});
    const { token } = this.#api;
    // First here: the server closes the socket, and the token must not be used again.
    this.#forget();
    this.#identity = null;
    this.#store.clear();
    if (token) this.#api.forget(token).catch(() => {});
  }

  refollow(id) {
    this.#live?.refollow(`conversation:${id}`);
  }

  typing(id) {
    this.#live?.typing(id);
  }

  read(id, position) {
    this.#live?.read(id, position);
  }

  async #open() {
    const data = await this.#store.alone(async () => {
      const answer = await this.#request();
      this.#store.set("token", answer.token);
      return answer;
    });
    this.#close();
    this.#api.token = data.token;
    this.contact = data.contact;
    this.conversations = new Map(data.conversations.map((conversation) => [conversation.id, conversation]));
    this.#live = new Live({ url: this.#socket, token: data.token });
    this.#live.addEventListener("state", ({ detail }) => this.#changed(detail.state));
    this.#live.open();
    for (const conversation of this.list.slice(0, FOLLOWED)) this.#follow(conversation);
    this.dispatchEvent(new Event("change"));
    this.dispatchEvent(new Event("open"));
  }

  /** Request a session with the token that this tab or another stored; without one, begin. */
  async #request() {
    const token = (this.#api.token ??= this.#store.get("token"));
    try {
      return await this.#api.session(this.#identity);
    } catch (error) {
      if (error.status !== 401 || !token) throw error;
      this.#replace(token);
      return this.#request();
    }
  }

  /** Replace a ``token`` that has expired or was revoked by another tab's, or forget it. */
  #replace(token) {
    if (this.#api.token !== token) return; // another request has replaced it already
    const kept = this.#store.get("token");
    if (!kept || kept === token) {
      this.#forget();
      return;
    }
    this.#leave();
    this.#api.token = kept;
  }

  /** Catch up with a conversation that another tab has begun, perhaps the first. */
  async #catchUp() {
    try {
      await (this.isOpen ? this.refresh() : this.open());
    } catch {
      return; // What is opened next will find it.
    }
    this.dispatchEvent(new Event("joined"));
  }

  #changed(state) {
    if (state === "live") this.#refusals = 0;
    if (state === "refused") {
      this.#close();
      this.contact = null;
      this.#reopen();
    }
    this.dispatchEvent(new Event("state"));
  }

  /** Open the session again after a refused socket, with growing delays while that fails, too. */
  #reopen() {
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (this.#refusals - 1));
    const delay = this.#refusals ? longest * (0.5 + Math.random() / 2) : 0;
    this.#refusals += 1;
    this.#retry = setTimeout(() => this.#openAgain(), delay);
  }

  async #openAgain() {
    this.#forgetRetry();
    try {
      await this.open();
    } catch (error) {
      if (error.isPassing || error.status === 429) this.#reopen();
      else this.dispatchEvent(new CustomEvent("refused", { detail: error }));
    }
  }

  #forgetRetry() {
    clearTimeout(this.#retry);
    this.#retry = null;
  }

  #keep(conversation) {
    this.conversations.set(conversation.id, conversation);
    this.#follow(conversation);
    this.dispatchEvent(new Event("change"));
    return conversation;
  }

  #follow(conversation) {
    if (this.#followed.has(conversation.id) || !this.#live) return;
    const id = conversation.id;
    const topic = `conversation:${id}`;
    const reader = this.#live.follow(topic, {
      after: conversation.seq,
      on: this.#handlersOf(id),
      onReset: () => this.#reset(id),
      onGone: () => this.#on["conversation.deleted"](id),
    });
    this.#followed.set(id, reader);
  }

  #handlersOf(id) {
    const bound = ([type, apply]) => [type, (data, seq) => this.#receive(id, seq, () => apply(id, data, seq))];
    return Object.fromEntries(Object.entries(this.#on).map(bound));
  }

  #receive(id, seq, apply) {
    apply();
    const known = this.conversations.get(id);
    if (known && seq > known.seq) known.seq = seq;
  }

  async #reset(id) {
    const page = await this.#api.messages(id);
    this.update(page.conversation);
    this.dispatchEvent(new CustomEvent("reset", { detail: { id, page } }));
    return page.conversation.seq;
  }

  #close() {
    this.#forgetRetry();
    this.#live?.close();
    this.#live = null;
    this.#followed.clear();
  }

  #leave() {
    this.#close();
    this.contact = null;
    this.conversations = new Map();
    this.dispatchEvent(new Event("change"));
  }

  /** Forget everything that the token opened. */
  #forget() {
    this.#leave();
    if (this.#store.get("token") === this.#api.token) this.#store.remove("token");
    this.#api.token = null;
    this.dispatchEvent(new Event("forgotten"));
  }
}
