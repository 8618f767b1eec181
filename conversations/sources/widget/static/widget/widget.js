/* The widget: the screen that shows, the open conversation, and the acts of its controls. */
import { Api, inTime, wordsOf } from "./api.js";
import { Bridge } from "./bridge.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { ConversationList } from "./conversation_list.js";
import { initial, keepIcons } from "./dom.js";
import { Files } from "./files.js";
import { Floor } from "./floor.js";
import { handlersOf } from "./handlers.js";
import { Head } from "./head.js";
import { Menu } from "./menu.js";
import { OutgoingMessages } from "./outgoing.js";
import { Prechat } from "./prechat.js";
import { Queue } from "./queue.js";
import { isForVisitor, ReadMark } from "./read_mark.js";
import { Screens } from "./screens.js";
import { MessagePoster } from "./poster.js";
import { Session } from "./session.js";
import { Store } from "./store.js";
import { Thread } from "./thread.js";
import { Unread } from "./unread.js";
import { Uploads } from "./uploads.js";

const LISTEN_FIRST = 150;

const config = JSON.parse(document.getElementById("widget-config").textContent);
const { labels } = config;
const at = (name) => document.querySelector(`[data-part="${name}"]`);

class Widget {
  current = null; // the open conversation's id; null while one is about to begin
  isOpen = false;
  #beginning = null;
  #isFresh = false; // the visitor wants a new conversation

  constructor({ bridge, store }) {
    Object.assign(this, { bridge, store });
    this.api = new Api(config.base);
    const socket = new URL(config.socket, location.href);
    socket.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.session = new Session({ api: this.api, store: this.store, socket: socket.href, on: this.#handlers() });
    this.uploads = new Uploads({ api: this.api, session: this.session, labels });
    this.poster = new MessagePoster({ ...this });
    this.outgoing = new OutgoingMessages({ store: this.store, deliver: (entry) => this.#deliver(entry), interval: config.send_interval });
    this.thread = new Thread({ scroller: at("scroller"), list: at("list"), pill: at("pill"), labels, outgoing: this.outgoing, withdraw: () => this.#act("withdraw"), choose: (message) => this.#say(message) });
    this.files = new Files({ ...this, form: at("composer"), begin: () => this.#begin(), limits: config.files, labels });
    this.composer = new Composer({ ...this, form: at("composer"), labels });
    this.unread = new Unread(this.store);
    this.connection = new Connection({ session: this.session, banner: at("banner"), labels });
    this.prechat = new Prechat({ form: at("prechat"), labels });
    this.screens = new Screens({ focus: { prechat: () => this.prechat.focus(), chat: () => this.composer.focus() } });
    this.queue = new Queue(() => this.#fetchPlace());
    this.readMark = new ReadMark({ ...this, isShown: () => this.isOpen && this.screens.current === "chat" });
    this.list = new ConversationList({ ...this, list: at("conversations"), button: at("act-list"), config, labels, open: (id) => this.#open(id) });
    this.head = new Head({ avatar: at("avatar"), name: at("name"), about: at("about"), config, labels });
    this.floor = new Floor({ ...this, config, labels, at });
    this.menu = new Menu({ button: at("menu-button"), list: at("menu") });
  }

  start(greeting) {
    const author = { kind: "assistant", name: config.assistant.name };
    Object.assign(this.thread.floor, { assistant: author.name, greeting: config.greeting.text && { ...config.greeting, author } });
    this.thread.fetch = (query) => this.#fetchMessages(query);
    this.thread.isOurs = (entry) => (entry.conversation ?? null) === this.current;
    this.#listenToPage();
    this.#listenToServer();
    this.#listenToVisitor();
    this.head.draw();
    document.body.dataset.running = "";
    if (greeting) this.#greet(greeting);
    else this.open();
    this.bridge.addEventListener("hello", ({ detail }) => this.#greetLate(detail));
  }

  /* ---- the embedding page ---- */

  #listenToPage() {
    const receivers = {
      open: () => this.open(),
      close: () => this.close(),
      identify: ({ identity }) => this.identify(identity),
      set: ({ variables }) => this.poster.set(variables),
      reset: () => this.reset(),
    };
    for (const [type, receive] of Object.entries(receivers)) {
      this.bridge.addEventListener(type, ({ detail }) => receive(detail));
    }
  }

  #greet({ page }) {
    this.poster.page = page ?? {};
    const { accent, position, teaser, assistant } = config;
    this.bridge.send("ready", { labels: labels.page, accent, position, teaser, initial: initial(assistant.name) });
    // What the page sent before ("identify" above all) arrives first.
    if (this.session.isKnown) setTimeout(() => this.#enter().catch(() => {}), LISTEN_FIRST);
  }

  /** A page that was busy for so long that the chat has opened by itself. */
  #greetLate(greeting) {
    this.close();
    if (greeting.kept) this.store.join(this.bridge, greeting.kept);
    this.#greet(greeting);
  }

  async open() {
    this.isOpen = true;
    try {
      await inTime(this.#enter());
    } catch (error) {
      this.#refuse(error);
    }
    this.#focus();
    this.readMark.check();
  }

  close() {
    this.isOpen = false;
    if (!this.menu.list.hidden) this.menu.close({ isQuiet: true });
  }

  async identify(identity) {
    try {
      await this.session.identify(identity);
    } catch (error) {
      console.warn(`Parley: the identity was refused: ${error.message}`);
      if (config.require_identity) this.#refuse(error);
    }
  }

  async reset() {
    this.outgoing.clear();
    this.files.clear();
    await this.session.reset();
    this.unread.clear();
    this.#choose();
    if (this.isOpen) await this.open();
  }

  async #enter() {
    if (!this.session.isOpen) await this.session.open();
    else if (this.screens.current === "refused") this.#choose();
  }

  /* ---- the server ---- */

  #listenToServer() {
    this.session.addEventListener("open", () => this.#resume());
    this.session.addEventListener("joined", () => this.current === null && !this.isOpen && this.#choose());
    this.session.addEventListener("forgotten", () => {
      this.poster.readdress(this.outgoing, (entry) => entry.conversation);
      this.composer.moveTo(null);
    });
    this.session.addEventListener("refused", ({ detail }) => this.#refuse(detail));
    this.session.addEventListener("state", () => this.session.state === "live" && this.outgoing.hurry());
    this.connection.addEventListener("change", () => {
      this.thread.floor.isLost = this.composer.isLost = this.connection.isLost;
      this.thread.draw();
    });
    this.session.addEventListener("reset", ({ detail }) => this.#fillThread(detail.page));
    this.session.addEventListener("started", ({ detail }) => this.bridge.emit("started", { conversation: detail }));
  }

  #handlers() {
    return handlersOf(this, {
      receive: (id, message, seq) => this.#receiveMessage(id, message, seq),
      change: (changes) => this.#change(changes),
      drop: (id) => this.#drop(id),
    });
  }

  #receiveMessage(id, message, seq) {
    if (this.session.conversations.has(id) && message.kind === "message") {
      const last = { text: message.text, author_kind: message.author.kind, at: message.created_at };
      this.session.update({ id, last_message: last });
    }
    if (id === this.current) this.thread.receive(message, seq);
    if (isForVisitor(message)) this.bridge.emit("message", { conversation: id, author: message.author.kind });
    this.readMark.add(id, [message]);
    this.floor.drawStop();
  }

  #change(changes) {
    const conversation = this.session.update(changes);
    if (conversation.id === this.current) this.#drawFloor();
    return conversation;
  }

  #drop(id) {
    this.session.drop(id);
    this.unread.drop(id);
    const wasShown = id === this.current && !this.list.isShown;
    if (id === this.current) this.#leave();
    if (wasShown || (this.list.isShown && this.session.conversations.size === 0)) this.#choose();
  }

  /* ---- the visitor ---- */

  #listenToVisitor() {
    this.poster.addEventListener("begun", ({ detail }) => this.current === null && this.#become(detail));
    this.screens.addEventListener("show", ({ detail }) => {
      this.floor.drawHead(this.session.conversations.get(this.current));
      if (detail === "chat") this.thread.toEnd();
    });
    this.composer.addEventListener("say", ({ detail }) => this.#say(detail));
    this.composer.addEventListener("typing", () => this.current && this.session.typing(this.current));
    this.composer.addEventListener("tick", () => this.thread.draw());
    this.outgoing.addEventListener("change", () => this.thread.draw());
    this.thread.addEventListener("take", ({ detail }) => this.composer.takeBack(detail));
    this.prechat.addEventListener("done", ({ detail }) => this.#beginWith(detail));
    const acts = {
      minimise: () => this.bridge.send("close"),
      person: () => this.#act("escalate"),
      stop: () => this.#stop(),
      list: () => this.list.show(),
      fresh: () => this.#showFresh({ isWanted: true }),
      end: () => this.#act("end"),
      retry: () => this.open(),
    };
    for (const button of document.querySelectorAll("[data-act]")) {
      button.addEventListener("click", acts[button.dataset.act]);
    }
  }

  #say({ text, ...message }) {
    this.outgoing.add(text, { ...message, ...this.poster.addressed(this.current) });
    this.thread.toEnd();
    // A pressed choice is closed: the focus goes on, where that opens no keyboard on the screen.
    if (message.choice && matchMedia("(pointer: fine)").matches) this.composer.focus();
  }

  async #deliver(entry) {
    const message = await this.poster.deliver(entry, this.outgoing);
    if (message.conversation !== entry.conversation) await this.#moveTo(message.conversation);
    if (message.conversation === this.current) this.thread.add([message]);
  }

  /** Move to the conversation that the server began, as the former was too old to go on. */
  async #moveTo(id) {
    await this.session.refresh();
    if (!this.session.conversations.has(id)) return;
    this.composer.moveTo(id);
    await this.#show(id);
  }

  async #beginWith(variables) {
    this.prechat.isBusy = true;
    try {
      const { id } = await this.poster.start(variables);
      // Messages written before the form go to the conversation that begins with it.
      this.outgoing.amend((entry) => !entry.conversation, { conversation: id });
      this.composer.moveTo(id);
      await this.#show(id);
      this.composer.focus();
    } catch (error) {
      if (!this.prechat.refuse(error.fields ?? {})) this.connection.say(wordsOf(error, labels));
    } finally {
      this.prechat.isBusy = false;
    }
  }

  async #act(verb) {
    try {
      this.session.update(await this.api.act(this.current ?? (await this.#begin()), verb));
      this.#drawFloor();
    } catch (error) {
      this.connection.say(wordsOf(error, labels));
    }
    this.composer.focus();
  }

  /** Begin a conversation without a message: with a file, or the request for a person. */
  async #begin() {
    this.#beginning ??= this.poster.start().finally(() => (this.#beginning = null));
    const { id } = await this.#beginning;
    if (this.current === null) this.#become(id);
    return id;
  }

  async #stop() {
    const { run } = this.thread;
    if (!run) return;
    at("stop").setAttribute("aria-busy", "true");
    await this.api.cancel(this.current, run).catch(() => {});
    at("stop").removeAttribute("aria-busy");
    this.composer.focus();
  }

  /* ---- screens ---- */

  /** Show the newest active conversation; else the form, or an empty thread. */
  #choose() {
    const going = this.session.list.find((conversation) => conversation.lifecycle === "active");
    if (going) this.#show(going.id).catch((error) => this.#refuse(error));
    else this.#showFresh();
  }

  /** Show what was open before the session was, unless it is gone. */
  #resume() {
    const { conversations } = this.session;
    const isThere = conversations.has(this.current);
    if (this.current && !isThere) this.#leave();
    if (this.list.isShown && conversations.size) return;
    if (isThere) this.#open(this.current);
    else if (!this.#isFresh || this.screens.current === "refused") this.#choose();
  }

  async #show(id) {
    this.composer.show(id);
    this.#adopt(id);
    this.thread.clear();
    this.screens.show("chat");
    this.#fillThread(await this.api.messages(id));
  }

  /** Make the shown thread and draft those of the conversation ``id``. */
  #become(id) {
    this.composer.moveTo(id);
    this.#adopt(id);
    if (this.screens.current === "prechat") this.screens.show("chat");
  }

  #adopt(id) {
    this.#isFresh = false;
    this.current = id;
    this.readMark.moveTo(id);
    this.#drawFloor();
  }

  #fillThread({ results, conversation, previous }) {
    if (conversation.id !== this.current) return;
    this.session.update(conversation);
    this.thread.add(results, { hasEarlier: previous !== null, seq: conversation.seq });
    this.readMark.add(conversation.id, results);
    this.#drawFloor();
  }

  #leave() {
    this.current = null;
    this.readMark.moveTo(null);
    this.thread.clear();
    this.composer.show(null);
    this.#drawFloor();
  }

  #showFresh({ isWanted = false } = {}) {
    this.#isFresh = isWanted;
    this.#leave();
    if (!this.prechat.hasFields) this.screens.show("chat");
    else {
      this.prechat.prefill(this.session.contact ?? {});
      this.screens.show("prechat");
    }
    this.#focus();
  }

  #open(id) {
    this.#show(id).catch((error) => this.#refuse(error)).then(() => this.#focus());
  }

  #refuse(error) {
    at("refusal").textContent = wordsOf(error, labels);
    this.screens.show("refused");
  }

  #focus() {
    if (this.isOpen && !this.menu.isOpen) this.screens.focus();
  }

  /* ---- the surroundings of the thread ---- */

  #drawFloor() {
    this.floor.draw(this.session.conversations.get(this.current));
  }

  async #fetchPlace() {
    const { conversation } = await this.api.messages(this.current, { limit: 1 });
    this.session.update(conversation);
    if (conversation.id === this.current) this.#drawFloor();
  }

  async #fetchMessages(query) {
    const { results, previous, next, conversation } = await this.api.messages(this.current, { limit: 50, ...query });
    return { messages: results, hasEarlier: previous !== null, hasLater: next !== null, seq: conversation.seq };
  }
}

/** Begin once it is known what the page around keeps. */
async function start() {
  const bridge = new Bridge(config.origins);
  const store = new Store(config.key);
  const greeting = await bridge.greeting;
  if (greeting?.kept) store.join(bridge, greeting.kept);
  new Widget({ bridge, store }).start(greeting);
}

start();
keepIcons().catch(() => {}); // else they stay where they are
