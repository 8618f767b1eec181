/* Who the visitor is to the server: the token, the contact, the conversations and their socket. */
import { Live } from "../ui/live.js";

const FOLLOWED = 10;
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 30_000;

export class Session extends EventTarget {
  #api;
  #store;
  #socket;
  #live = null;
  #followed = new Map();
  #opening = null;
  #identity = null;
  #retry = null;
  #refusals = 0;

  constructor({ api, store, socket }) {
    super();
    this.#api = api;
    this.#store = store;
    this.#socket = socket;
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

  /** Newest first. */
  get list() {
    const dated = (conversation) => conversation.last_message?.at ?? conversation.created_at;
    return [...this.conversations.values()].sort((one, other) => dated(other).localeCompare(dated(one)));
  }

  /** Continue with the kept token, or begin. */
  async open() {
    if (this.isOpen) return;
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    await this.#opening;
  }

  /** Say who the visitor is; a signed identity leads to that contact's conversations. */
  async identify(identity) {
    this.#identity = identity;
    await this.#opening?.catch(() => {});
    this.contact = null;
    try {
      await this.open();
    } catch (error) {
      // A refused identity is not tried again; what was open before goes on without it.
      this.#identity = null;
      if (this.isKnown) await this.open();
      throw error;
    }
  }

  /** ``token`` opens nothing any more: begin afresh, unless somebody else has. */
  async renew(token) {
    this.#replace(token);
    await this.open();
  }

  /** Look again for conversations that began elsewhere. */
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

  /** Take in what the server says of a conversation, unless it was known before what is known now. */
  update(changes) {
    const known = this.conversations.get(changes.id);
    if (!known) return this.#keep(changes);
    if (!(changes.seq < known.seq)) Object.assign(known, changes);
    this.#follow(known);
    return known;
  }

  drop(id) {
    this.conversations.delete(id);
    this.#live?.unfollow(this.#followed.get(id));
    this.#followed.delete(id);
  }

  /** Forget this visitor here, and let the server forget the token. */
  async reset() {
    await this.#opening?.catch(() => {});
    const { token } = this.#api;
    // First here: the server closes the socket, and what the token opened must not be asked for again.
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
      const answer = await this.#ask();
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
    this.dispatchEvent(new Event("open"));
  }

  /** Come with the token that is kept, by this tab or another; with none, begin. */
  async #ask() {
    const token = (this.#api.token ??= this.#store.get("token"));
    try {
      return await this.#api.session(this.#identity);
    } catch (error) {
      if (error.status !== 401 || !token) throw error;
      this.#replace(token);
      return this.#ask();
    }
  }

  /** ``token`` has expired or was revoked: take the one of another tab, or forget it. */
  #replace(token) {
    if (this.#api.token !== token) return; // a message has found out first
    const kept = this.#store.get("token");
    if (!kept || kept === token) {
      this.#forget();
      return;
    }
    this.#leave();
    this.#api.token = kept;
  }

  /** Another tab has begun a conversation, perhaps the visitor's first. */
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

  /** The socket would not have us: open the session again, later and later while that fails, too. */
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
    return conversation;
  }

  #follow(conversation) {
    if (this.#followed.has(conversation.id) || !this.#live) return;
    const id = conversation.id;
    const topic = `conversation:${id}`;
    const reader = this.#live.follow(topic, {
      after: conversation.seq,
      onEvent: (frame) => this.#hear(id, frame),
      onReset: () => this.#reset(id),
    });
    this.#followed.set(id, reader);
  }

  #hear(id, frame) {
    this.dispatchEvent(new CustomEvent("event", { detail: { id, frame } }));
    const known = this.conversations.get(id);
    if (known && frame.seq > known.seq) known.seq = frame.seq;
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
  }

  /** Nothing of what the token opened is there any more. */
  #forget() {
    this.#leave();
    if (this.#store.get("token") === this.#api.token) this.#store.remove("token");
    this.#api.token = null;
    this.dispatchEvent(new Event("forgotten"));
  }
}
