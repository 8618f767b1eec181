/* The read mark: reported to the server, and the unread count to the embedding page. */
const READ_AFTER = 1000;

export class ReadMark {
  #timer = null;

  /** ``isShown`` returns whether the open conversation, up to its end, is visible. */
  constructor({ session, thread, unread, bridge, isShown }) {
    Object.assign(this, { session, thread, unread, isShown });
    document.addEventListener("visibilitychange", () => this.check());
    thread.addEventListener("end", () => this.check());
    unread.addEventListener("change", () => bridge.send("unread", { count: unread.total }));
  }

  /** Move to another conversation, or none. */
  moveTo(conversation) {
    clearTimeout(this.#timer);
    this.conversation = conversation;
  }

  /** Mark the messages on screen as read once they have been there for a while. */
  check() {
    clearTimeout(this.#timer);
    const isSeen = document.visibilityState === "visible" && this.thread.isAtEnd && this.isShown();
    if (this.conversation && isSeen) this.#timer = setTimeout(() => this.#read(), READ_AFTER);
  }

  /** Add ``messages``; only those of others can be unread. */
  add(conversation, messages) {
    this.unread.add(conversation, messages.filter(isForVisitor).map((message) => message.position));
    this.check();
  }

  #read() {
    const position = this.thread.lastPosition;
    if (this.unread.read(this.conversation, position)) this.session.read(this.conversation, position);
  }
}

export function isForVisitor(message) {
  return message.kind === "message" && message.author.kind !== "customer";
}
