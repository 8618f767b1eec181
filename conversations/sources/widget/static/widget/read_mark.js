/* How far the visitor has read: reported to the server, and to the page that counts what is unread. */
const READ_AFTER = 1000;

export class ReadMark {
  #timer = null;

  /** ``isShown`` tells whether the open conversation, up to its end, is before the visitor's eyes. */
  constructor({ session, thread, unread, bridge, isShown }) {
    Object.assign(this, { session, thread, unread, bridge, isShown });
    document.addEventListener("visibilitychange", () => this.look());
    thread.addEventListener("end", () => this.look());
    unread.addEventListener("change", () => this.tell());
  }

  /** The visitor sees another conversation, or none. */
  moveTo(conversation) {
    clearTimeout(this.#timer);
    this.conversation = conversation;
  }

  /** Read what is on screen once it has been there for a while. */
  look() {
    clearTimeout(this.#timer);
    const isSeen = document.visibilityState === "visible" && this.thread.isAtEnd && this.isShown();
    if (this.conversation && isSeen) this.#timer = setTimeout(() => this.#read(), READ_AFTER);
  }

  /** Note ``messages``; only what somebody else wrote can be unread. */
  add(conversation, messages) {
    for (const message of messages.filter(isForVisitor)) this.unread.add(conversation, message.position);
    this.tell();
    this.look();
  }

  clear() {
    this.unread.clear();
    this.tell();
  }

  tell() {
    this.bridge.tell("unread", { count: this.unread.total });
  }

  #read() {
    const position = this.thread.lastPosition;
    if (this.unread.read(this.conversation, position)) this.session.read(this.conversation, position);
    this.tell();
  }
}

export function isForVisitor(message) {
  return message.kind === "message" && message.author.kind !== "customer";
}
