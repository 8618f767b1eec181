/* What the widget keeps between pages: token, drafts, unsent messages, read positions.

   It lies in the frame's own storage. What that does not take (a browser may deny it to frames of other
   sites, or it is full) lies in the page's, through the loader, and in the memory of this frame, which
   is all there is where the page has none either. The token lies in both: some browsers empty the
   storage of frames with the last page of a site. Nothing else of the widget touches a storage. */
import { Lock } from "./lock.js";

const COPIED = ["token"];
const TOKEN = /^[\w-]{1,200}$/;
const isText = (value) => typeof value === "string";
const isObject = (value) => value?.constructor === Object;

/** What is kept under a name, by the name's first part; anything else is as if nothing were kept. */
const SHAPES = {
  token: (value) => isText(value) && TOKEN.test(value),
  begun: isText,
  draft: isText,
  read: Number.isInteger,
  set: isObject,
  outbox: (value) => isObject(value) && isText(value.client_id) && isText(value.text),
  files: (value) => Array.isArray(value) && value.every((file) => isObject(file) && isText(file.id) && isText(file.name)),
  alone: (value) => isObject(value) && isText(value.by) && Number.isFinite(value.until),
};

export class Store {
  #own;
  #memory = new Map(); // what the frame's own storage does not take
  #page = null; // the page's side, once it has said that it keeps something
  #lent = new Set(); // the names that lie in the page's storage
  #watchers = [];
  #lock;

  constructor(key) {
    this.#own = new OwnStorage(`parley:${key}:`, (name) => this.#tell(name));
    this.#lock = new Lock(`parley:${key}:alone`, this);
  }

  /** Whether another tab can see what is kept here. */
  get isShared() {
    return !this.#own.isDenied || this.#page !== null;
  }

  /** Keep with the page, too, whose storage holds ``kept``: texts by name. */
  join(page, kept) {
    this.#page = page;
    page.addEventListener("kept", ({ detail }) => this.#learn(detail));
    for (const [name, text] of Object.entries(kept)) this.#borrow(name, text);
    for (const name of COPIED) {
      const value = this.get(name);
      if (value !== null) this.set(name, value);
    }
  }

  get(name) {
    const value = parsed(this.#memory.get(name) ?? this.#own.get(name));
    return SHAPES[name.split(":")[0]](value) ? value : null;
  }

  set(name, value) {
    const text = JSON.stringify(value);
    const isKept = this.#own.set(name, text);
    if (isKept) this.#memory.delete(name);
    else this.#memory.set(name, text);
    if (!isKept || COPIED.includes(name)) this.#lend(name, text);
    else if (this.#lent.has(name)) this.#lend(name, null);
  }

  remove(name) {
    this.#memory.delete(name);
    this.#own.remove(name);
    if (this.#lent.has(name)) this.#lend(name, null);
  }

  /** Call ``callback`` with names beginning with ``start`` whose value another tab changed. */
  watch(start, callback) {
    this.#watchers.push((name) => name.startsWith(start) && callback(name));
  }

  /** Run ``act`` while no other tab does. */
  alone(act) {
    return this.#lock.during(act);
  }

  /** Return the names that begin with ``start``. */
  names(start) {
    const all = new Set([...this.#memory.keys(), ...this.#own.names()]);
    return [...all].filter((name) => name.startsWith(start));
  }

  clear() {
    for (const name of new Set([...this.names(""), ...this.#lent])) this.remove(name);
  }

  #lend(name, text) {
    if (!this.#page) return;
    if (text === null) this.#lent.delete(name);
    else this.#lent.add(name);
    this.#page.send("keep", { name, text });
  }

  /** Take what the page keeps, unless the frame's own storage has it. */
  #borrow(name, text) {
    if (!isText(text) || !Object.hasOwn(SHAPES, name.split(":")[0])) return;
    this.#lent.add(name);
    if (this.#own.get(name) === null) this.#memory.set(name, text);
  }

  /** Take in what another tab changed in the page's storage. */
  #learn({ name, text }) {
    if (!this.#own.isDenied || !isText(name)) return;
    if (text === null) {
      this.#lent.delete(name);
      this.#memory.delete(name);
    } else this.#borrow(name, text);
    this.#tell(name);
  }

  #tell(name) {
    for (const watcher of this.#watchers) watcher(name);
  }
}

/** The frame's own storage of texts; every call may be refused, and is then without effect. */
class OwnStorage {
  #storage = null;
  #prefix;

  constructor(prefix, onChange) {
    this.#prefix = prefix;
    this.#storage = attempt(() => localStorage);
    addEventListener("storage", ({ key }) => key?.startsWith(prefix) && onChange(key.slice(prefix.length)));
  }

  get isDenied() {
    return this.#storage === null;
  }

  get(name) {
    return attempt(() => this.#storage.getItem(this.#prefix + name));
  }

  /** Return whether the text is kept. */
  set(name, text) {
    const isKept = attempt(() => {
      this.#storage.setItem(this.#prefix + name, text);
      return true;
    });
    return isKept ?? false;
  }

  remove(name) {
    attempt(() => this.#storage.removeItem(this.#prefix + name));
  }

  names() {
    const names = attempt(() => Object.keys(this.#storage)) ?? [];
    return names.filter((name) => name.startsWith(this.#prefix)).map((name) => name.slice(this.#prefix.length));
  }
}

function attempt(act) {
  try {
    return act();
  } catch {
    return null; // Denied, full, or switched off.
  }
}

function parsed(text) {
  try {
    return JSON.parse(text ?? null);
  } catch {
    return null;
  }
}
