/** One open conversation: its entries, its live answer, its other readers. */
import { live, noteMissed } from "../ui/connection.js";
import { fragment } from "../ui/http.js";
import { count, say } from "../ui/words.js";
import { Composer } from "./composer.js";
import { decide } from "./decision.js";
import { keepFocus, mute } from "./focus.js";
import { Readers } from "./presence.js";
import { ReadMark } from "./read_mark.js";
import { resend } from "./resend.js";
import { retryFile } from "./retry.js";
import { LiveRun } from "./run.js";

const NEAR_END = 48;
const TRY_AGAIN_AFTER = 2_000;

export class Thread {
  #run = null;
  #ended = new Set();
  #catching = null;
  #isBehind = false;
  #isStopped = false;
  #isRenewing = false;
  #changed = new Set();
  #packets = new Set();
  #unseen = 0;
  #isFollowing = true;

  /** `callbacks` receive what concerns the page around: floor, details, gone, writing, read. */
  constructor(frame, callbacks) {
    Object.assign(this, { frame, callbacks });
    this.id = frame.dataset.thread;
    this.topic = `conversation:${this.id}`;
    this.assistantName = frame.dataset.assistant;
    this.last = Number(frame.dataset.last);
    this.items = frame.querySelector("[data-items]");
    this.scroll = frame.querySelector("[data-thread-scroll]");
    this.jump = frame.querySelector("[data-jump]");
    this.readMark = new ReadMark(this);
    this.readers = new Readers(this);
    this.composer = new Composer(frame, this);
    this.#connect();
    this.#start();
  }

  /** Stop the thread: nothing of it reacts any more. */
  stop() {
    this.#isStopped = true;
    live.unfollow(this.reader);
    this.resized.disconnect();
    this.sentinel?.disconnect();
    this.readMark.stop();
    this.readers.stop();
    this.composer.stop();
  }

  /** Return a copy of the pattern `name` that the server rendered beside the thread. */
  pattern(name) {
    const pattern = this.frame.parentElement.querySelector(`template[data-pattern="${name}"]`);
    return pattern.content.firstElementChild.cloneNode(true);
  }

  /** Append an element of the page's own and scroll there. */
  append(element) {
    this.items.append(element);
    this.frame.querySelector("[data-thread-empty]")?.remove();
    this.toEnd();
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.#see();
  }

  /** Stop the answer that is being written; return false where there is none. */
  stopRun() {
    if (!this.#run) return false;
    this.#run.stop();
    return true;
  }

  /** Fetch what is newer than the last entry shown, one request at a time; resolves when that is done. */
  catchUp() {
    this.#isBehind = true;
    this.#catching ??= this.#catch();
    return this.#catching;
  }

  async #catch() {
    try {
      while (this.#isBehind && !this.#isStopped) {
        this.#isBehind = false;
        const { content, headers } = await fragment(`${this.frame.dataset.messages}?after=${this.last}`);
        if (this.#isStopped) return;
        this.#insert(content);
        this.#isBehind ||= headers.get("X-Later") === "yes";
      }
      if (this.#ended.has(this.#run?.id)) this.#finishRun(); // it wrote no message
    } catch (error) {
      if (error.isPassing === undefined) throw error;
      if (error.isPassing) setTimeout(() => this.#isStopped || this.catchUp(), TRY_AGAIN_AFTER);
    } finally {
      this.#catching = null;
    }
  }

  #connect() {
    this.reader = live.follow(this.topic, {
      after: Number(this.frame.dataset.seq),
      on: handlersOf(this),
      onReset: () => this.callbacks.reload(),
      onGone: () => this.callbacks.gone(),
    });
    live.viewing(this.id);
  }

  #start() {
    this.toEnd();
    this.items.querySelector("[data-unread-marker]")?.scrollIntoView({ block: "center" });
    this.scroll.addEventListener("scroll", () => this.#noteScroll(), { passive: true });
    this.resized = new ResizeObserver(() => this.#isFollowing && this.toEnd());
    this.resized.observe(this.scroll);
    this.resized.observe(this.items);
    this.#noteScroll();
    this.jump.addEventListener("click", () => this.toEnd());
    this.frame.addEventListener("click", (event) => {
      if (event.target.closest("[data-stop]")) this.stopRun();
      const failed = event.target.closest("[data-retry-file]");
      if (failed) retryFile(failed);
      const again = event.target.closest("[data-resend]");
      if (again) resend(again, this.id);
      const decision = event.target.closest("[data-decide]");
      if (decision) decide(decision).then(() => this.#run?.showTools());
    });
    this.frame.addEventListener("windowclosed", () => this.callbacks.floor());
    const earlier = this.items.querySelector("[data-earlier]");
    if (!earlier) return;
    earlier.querySelector("button").addEventListener("click", () => this.#loadEarlier(earlier));
    this.sentinel = new IntersectionObserver(
      (seen) => seen.some((one) => one.isIntersecting) && this.#loadEarlier(earlier),
      { root: this.scroll, rootMargin: "240px 0px 0px" },
    );
    this.sentinel.observe(earlier);
  }

  /** Insert older entries above; the topmost one that was there keeps its position. */
  async #loadEarlier(earlier) {
    if (earlier.ariaBusy === "true") return;
    earlier.ariaBusy = "true";
    const first = this.items.querySelector("[data-position]");
    try {
      const { content, headers } = await fragment(`${this.frame.dataset.messages}?before=${first.dataset.position}`);
      const top = first.getBoundingClientRect().top;
      this.#dropRepeatedDay(content, first);
      for (const entry of content.children) mute(entry);
      earlier.after(content);
      this.#renew();
      if (headers.get("X-Earlier") !== "yes") {
        this.sentinel.disconnect();
        earlier.remove();
      }
      this.scroll.scrollTop += first.getBoundingClientRect().top - top;
    } catch {
      // The button stays and tries again.
    } finally {
      earlier.ariaBusy = "false";
    }
  }

  /** Remove the day over `first` where an older entry of the same day has it. */
  #dropRepeatedDay(content, first) {
    const day = first.previousElementSibling;
    if (day?.dataset.day && content.querySelector(`[data-day="${day.dataset.day}"]`)) day.remove();
  }

  #insert(content) {
    const wasAtEnd = this.#isAtEnd();
    this.frame.querySelector("[data-thread-empty]")?.remove();
    for (const entry of [...content.children]) {
      const isNew = this.#place(entry);
      if (isNew && !wasAtEnd && entry.dataset.author) this.#unseen += 1;
    }
    if (wasAtEnd) this.toEnd();
    else this.#tellUnseen();
    this.readMark.watch();
    this.#renew();
  }

  #place(entry) {
    if (entry.dataset.day) {
      if (!this.items.querySelector(`[data-day="${entry.dataset.day}"]`)) this.#before(entry);
      return false;
    }
    this.last = Math.max(this.last, Number(entry.dataset.position));
    this.composer.arrived(entry.dataset.client);
    const known = document.getElementById(entry.id);
    if (known) this.#exchange(known, entry);
    else this.#before(entry);
    if (this.#run?.messageId && entry.id === `message-${this.#run.messageId}`) this.#finishRun();
    return !known || "liveRun" in known.dataset;
  }

  /** Replace an entry; a finished answer is announced, a later change is not. */
  #exchange(known, entry) {
    if (!("liveRun" in known.dataset)) mute(entry);
    keepFocus(known, this.scroll, () => known.replaceWith(entry));
  }

  /** Insert an entry before the answer that is being written and before pending messages. */
  #before(entry) {
    this.items.insertBefore(entry, this.items.querySelector("[data-live-run], [data-pending]"));
  }

  /** Fetch changed entries anew, one after the other; those that are not shown yet wait. */
  async #renew() {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    try {
      for (let id = this.#nextChanged(); id && !this.#isStopped; id = this.#nextChanged()) {
        this.#changed.delete(id);
        await this.#replace(id).catch((error) => this.#putOff(id, error));
      }
    } finally {
      this.#isRenewing = false;
    }
  }

  /** Retry an entry after a passing failure; one that is gone is skipped. */
  #putOff(id, error) {
    if (!error.isPassing) return null;
    this.#changed.add(id);
    return pause(TRY_AGAIN_AFTER);
  }

  #nextChanged() {
    for (const handoff of this.#packets) this.#awaitPacket(handoff);
    return [...this.#changed].find((id) => this.#shown(id));
  }

  /** Fetch the entry of a packet's act anew, once it is shown: the packet is below it. */
  #awaitPacket(handoff) {
    const act = this.items.querySelector(`[data-handoff="${handoff}"]`);
    if (!act) return;
    this.#packets.delete(handoff);
    this.#changed.add(act.id.replace("message-", ""));
  }

  /** Return the entry of the message `id`, unless it is still being written. */
  #shown(id) {
    const entry = document.getElementById(`message-${id}`);
    return entry && !("liveRun" in entry.dataset) ? entry : null;
  }

  async #replace(id) {
    const { content } = await fragment(`${this.frame.dataset.messages}${id}/`);
    const entry = content.getElementById(`message-${id}`);
    const known = this.#shown(id);
    if (!entry || !known) return;
    const packet = content.querySelector(".packet");
    this.keepEnd(() => {
      this.#exchange(known, entry);
      if (!packet) return;
      document.getElementById(packet.id)?.remove();
      entry.after(packet);
    });
    this.readMark.watch();
  }

  /** Run `change`; a reader who was at the end stays there. */
  keepEnd(change) {
    const wasAtEnd = this.#isAtEnd();
    change();
    if (wasAtEnd) this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  /** Keep a reader at the end there, whatever grows or shrinks; move no other. */
  #noteScroll() {
    this.#isFollowing = this.#isAtEnd();
    if (this.#isFollowing) this.#see();
  }

  #isAtEnd() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_END;
  }

  #see() {
    this.#unseen = 0;
    this.jump.hidden = true;
  }

  #tellUnseen() {
    if (!this.#unseen) return;
    this.jump.hidden = false;
    this.jump.querySelector("[data-jump-count]").textContent = count("new_messages", this.#unseen);
  }

  /** Return the run of `data`; make a bubble unless its message is shown already. */
  runOf(data) {
    if (this.#run?.id === data.run) return this.#run;
    if (this.#ended.has(data.run) || !data.message_id || document.getElementById(`message-${data.message_id}`)) return null;
    this.#finishRun();
    this.#run = new LiveRun(this, data, { refollow: () => live.refollow(this.topic) });
    this.keepEnd(() => this.items.insertBefore(this.#run.element, this.items.querySelector("[data-pending]")));
    this.frame.querySelector("[data-thread-empty]")?.remove();
    this.#run.showTools();
    this.callbacks.writing(this.#run.name);
    return this.#run;
  }

  withRun(data, act) {
    const run = this.runOf(data);
    if (run) this.keepEnd(() => act(run));
  }

  /** End a run: fetch its message, remove a bubble without one, and ignore what comes late. */
  async endRun(data) {
    this.#ended.add(data.run);
    if (this.#run?.id === data.run) this.#run.end();
    await this.catchUp();
    this.callbacks.details();
  }

  /** Remove the bubble: its message is shown in its place already, or there is none. */
  #finishRun() {
    if (!this.#run) return;
    this.#run.element.remove();
    this.#run = null;
    this.callbacks.writing(null);
  }

  created() {
    noteMissed();
    this.catchUp();
    this.callbacks.floor();
  }

  updated(data) {
    this.#changed.add(data.id);
    this.#renew();
  }

  packed({ handoff, direction }) {
    this.#packets.add(`${handoff}-${direction}`);
    this.#renew();
  }
}

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** What each event of a conversation does to its thread. */
function handlersOf(thread) {
  return {
    "message.created": () => thread.created(),
    "message.updated": (data) => thread.updated(data),
    "conversation.updated": () => thread.callbacks.floor(),
    "conversation.ended": () => thread.callbacks.floor(),
    "conversation.deleted": () => thread.callbacks.gone(),
    "handoff.changed": () => thread.callbacks.floor(),
    "handoff.packet": (data) => thread.packed(data),
    "variables.updated": () => thread.callbacks.details(),
    title: () => thread.callbacks.floor(),
    "run.started": (data) => thread.runOf(data),
    chunk: (data) => thread.withRun(data, (run) => run.chunk(data)),
    status: (data) => thread.withRun(data, (run) => run.status(data)),
    tool_call: (data) => thread.runOf(data)?.showTools(),
    tool_result: (data) => thread.runOf(data)?.showTools(),
    end: (data) => thread.endRun(data),
    typing: (data) => thread.readers.typing(data.actor),
    viewing: (data) => thread.readers.viewing(data),
  };
}
