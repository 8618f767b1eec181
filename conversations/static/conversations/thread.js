/** One open conversation: its entries, its live answers, its other readers. */
import { live, noteMissed } from "../ui/connection.js";
import { fragment } from "../ui/http.js";
import { toast } from "../ui/toast.js";
import { count, say } from "../ui/words.js";
import { Composer } from "./composer.js";
import { chosenBy, closePassed } from "./choices.js";
import { decide } from "./decision.js";
import { placeOf } from "./place.js";
import { Readers } from "./presence.js";
import { ReadMark } from "./read_mark.js";
import { openReasoning } from "./reasoning.js";
import { remedy } from "./remedy.js";
import { resend } from "./resend.js";
import { retryFile } from "./retry.js";
import { LiveRuns } from "./runs.js";
import { Stretch } from "./stretch.js";

const NEAR_END = 48;
const TRY_AGAIN_AFTER = 2_000;

export class Thread {
  #catching = null;
  #isBehind = false;
  #isStopped = false;
  #isRenewing = false;
  #changed = new Set();
  #packets = new Set();
  #unseen = 0;
  #isFollowing = true;
  #top = 0;
  #said = 0; // the place of the last message, as its event told

  /** `callbacks` receive what concerns the page around: floor, details, updated, gone, writing, read. */
  constructor(frame, callbacks) {
    Object.assign(this, { frame, callbacks });
    this.id = frame.dataset.thread;
    this.topic = `conversation:${this.id}`;
    this.assistantName = frame.dataset.assistant;
    this.items = frame.querySelector("[data-items]");
    this.scroll = frame.querySelector("[data-thread-scroll]");
    this.stretch = new Stretch(frame, {
      insert: (content) => this.#insert(content, { isCounted: false }),
      onEnd: () => this.#changedEnd(),
      onEarlier: () => this.#tend(),
    });
    this.runs = new LiveRuns(this, { refollow: () => live.refollow(this.topic), writing: callbacks.writing });
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
    this.stretch.stop();
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
    this.#toNewest();
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.#top = this.scroll.scrollTop;
    this.#follow(true);
  }

  /** Stop the answer that is being written; return false where there is none. */
  stopRun() {
    const run = this.runs.current;
    run?.stop();
    return Boolean(run);
  }

  /** Fetch what is newer than the last entry shown, one request at a time; resolves when that is done. */
  catchUp() {
    this.#isBehind = true;
    this.#catching ??= this.#catch().finally(() => (this.#catching = null));
    return this.#catching;
  }

  async #catch() {
    try {
      while (this.#isBehind && !this.#isStopped && !this.stretch.hasLater) {
        this.#isBehind = false;
        const { last } = this.stretch;
        const { content, headers } = await fragment(`${this.frame.dataset.messages}?after=${last}`);
        if (this.#isStopped) return;
        const isNext = last === this.stretch.last && !this.stretch.hasLater;
        if (isNext && (this.#isFollowing || this.stretch.hasRoomFor(content))) this.#insert(content, { isCounted: true });
        else if (isNext) this.#leaveOut(content);
        this.#isBehind ||= !isNext || headers.get("X-Later") === "yes";
      }
      this.runs.settle();
    } catch (error) {
      if (error.isPassing === undefined) throw error;
      if (error.isPassing) setTimeout(() => this.#isStopped || this.catchUp(), TRY_AGAIN_AFTER);
    }
  }

  /** Count newer entries without showing them: the page is full of what the reader scrolled up to. */
  #leaveOut(content) {
    this.#unseen += content.querySelectorAll("[data-author]").length;
    this.stretch.openEnd();
  }

  /** Show the newest entries and scroll to the end. */
  async #toNewest() {
    if (this.stretch.hasLater) await this.#fetching(() => this.stretch.showNewest());
    if (!this.#isStopped && !this.stretch.hasLater) this.toEnd();
  }

  /** Show the message `id` in the middle of the pane. */
  async #goTo(id) {
    const entry = await this.#fetching(() => this.stretch.find(id));
    if (!entry || this.#isStopped) return;
    this.#follow(false);
    entry.scrollIntoView({ block: "center" });
    entry.tabIndex = -1;
    entry.focus({ preventScroll: true });
    this.#noteScroll();
  }

  async #fetching(work) {
    try {
      return await work();
    } catch (error) {
      if (error.isPassing === undefined) throw error;
      toast(say("act_failed"), { isError: true });
      return null;
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
    this.jump.addEventListener("click", () => this.#toNewest());
    openReasoning(this.items);
    this.frame.addEventListener("click", (event) => {
      if (event.target.closest("[data-stop]")) this.stopRun();
      const choice = event.target.closest("[data-choice]");
      if (choice) this.composer.sendChoice(chosenBy(choice));
      const failed = event.target.closest("[data-retry-file]");
      if (failed) retryFile(failed);
      const again = event.target.closest("[data-resend]");
      if (again) resend(again, this.id);
      const decision = event.target.closest("[data-decide]");
      if (decision) decide(decision).then(() => this.runs.current?.showTools());
      const helping = event.target.closest("[data-remedy]");
      if (helping) remedy(helping, this.id);
      const quote = event.target.closest("[data-go-to]");
      if (quote) event.preventDefault();
      if (quote) this.#goTo(quote.dataset.goTo);
    });
    this.frame.addEventListener("windowclosed", () => this.callbacks.floor());
  }

  #insert(content, { isCounted }) {
    this.frame.querySelector("[data-thread-empty]")?.remove();
    this.stretch.add(content, (entry, isNew) => {
      if (entry.dataset.client) this.composer.arrived(entry.dataset.client);
      this.runs.written(entry);
      if (isNew && isCounted && !this.#isFollowing && entry.dataset.author) this.#unseen += 1;
    });
    this.runs.reveal();
    if (this.#isFollowing) this.toEnd();
    else this.#showJump();
    this.#tend();
  }

  /** See to entries that came: which of them are to be marked as read, what changed meanwhile. */
  #tend() {
    this.#dropStale();
    closePassed(this.items);
    this.readMark.watch();
    this.#renew();
  }

  /** Remove what only the newest answer offers from those that are not the newest any more. */
  #dropStale() {
    for (const button of this.items.querySelectorAll("[data-regenerate]")) {
      if (placeOf(button.closest("[data-position]").dataset) < this.#said) button.remove();
    }
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
    const tools = content.getElementById(`tools-${id}`);
    this.stretch.replace(known, entry);
    if (tools) document.getElementById(tools.id)?.replaceWith(tools);
    if (packet) {
      document.getElementById(packet.id)?.remove();
      entry.after(packet);
    }
    this.#dropStale();
    this.readMark.watch();
  }

  /**
   * Keep a reader at the end there, whatever grows or shrinks; move no other. Only who scrolls up
   * leaves the end: where the thread has grown, the observer of its size follows.
   */
  #noteScroll() {
    const { scrollTop } = this.scroll;
    const isAtEnd = this.#distance < NEAR_END && !this.stretch.hasLater;
    if (isAtEnd || scrollTop < this.#top) this.#follow(isAtEnd);
    else if (!this.#isFollowing) this.#showJump();
    this.#top = scrollTop;
  }

  /** How far it is from what is shown to the end, in pixels. */
  get #distance() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight;
  }

  #follow(isFollowing) {
    this.#isFollowing = isFollowing && !this.stretch.hasLater;
    this.frame.toggleAttribute("data-following", this.#isFollowing);
    if (this.#isFollowing) this.#unseen = 0;
    this.#showJump();
  }

  /** Offer the way to the newest entry: with the number of new ones, and to whom is far from it. */
  #showJump() {
    const isFar = this.stretch.hasLater || this.#distance > this.scroll.clientHeight;
    this.jump.hidden = this.#isFollowing || !(this.#unseen || isFar);
    const words = this.#unseen ? count("new_messages", this.#unseen) : say("newest");
    const place = this.jump.querySelector("[data-jump-count]");
    if (place.textContent !== words) place.textContent = words;
  }

  /** React to the newest entry's leaving the page or coming back. */
  #changedEnd() {
    this.runs.reveal();
    this.#noteScroll();
    if (!this.stretch.hasLater) this.catchUp();
  }

  withRun(data, act) {
    const run = this.runs.of(data);
    if (run) act(run);
  }

  /** Begin a run: nothing stands still any more. */
  started(data) {
    this.runs.of(data);
    this.callbacks.floor();
  }

  /** End a run and fetch its message. */
  async endRun(data) {
    this.runs.end(data);
    this.callbacks.floor();
    await this.catchUp();
    this.callbacks.details();
  }

  created(data) {
    noteMissed();
    if (data.kind === "message") this.#said = Math.max(this.#said, placeOf(data));
    this.composer.pending.stored(data.client_id, data.position);
    this.runs.reveal();
    this.#dropStale();
    if (this.stretch.hasLater && data.kind !== "system") {
      this.#unseen += 1;
      this.#showJump();
    }
    this.catchUp();
    this.callbacks.floor();
  }

  /** Fetch a changed entry anew; one that is not in the page comes as it is then. */
  updated(data) {
    const isComing = data.position > this.stretch.last && !this.stretch.hasLater;
    if (isComing || this.#shown(data.id)) this.#changed.add(data.id);
    this.#renew();
    this.callbacks.updated();
  }

  /** Show a call that changed: with the answer that is being written, or with the one that was. */
  called({ run }) {
    if (this.runs.current?.id === run) this.runs.current.showTools();
    const entries = [...this.items.querySelectorAll(`[data-run="${run}"]`)];
    const ids = entries.map((entry) => entry.id.replace("message-", ""));
    for (const id of ids.filter((one) => this.#shown(one))) this.#changed.add(id);
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
    "message.created": (data) => {
      thread.readers.wrote(data);
      thread.created(data);
    },
    "message.updated": (data) => thread.updated(data),
    "conversation.updated": () => thread.callbacks.floor(),
    "conversation.ended": () => thread.callbacks.floor(),
    "conversation.deleted": () => thread.callbacks.gone(),
    "handoff.changed": () => thread.callbacks.floor(),
    "handoff.packet": (data) => thread.packed(data),
    "variables.updated": () => thread.callbacks.details(),
    title: () => thread.callbacks.floor(),
    "run.started": (data) => thread.started(data),
    chunk: (data) => thread.withRun(data, (run) => run.chunk(data)),
    status: (data) => thread.withRun(data, (run) => run.status(data)),
    tool_call: (data) => thread.runs.of(data)?.showTools(),
    tool_result: (data) => thread.called(data),
    end: (data) => thread.endRun(data),
    typing: (data) => thread.readers.typing(data.actor),
    viewing: (data) => thread.readers.viewing(data),
  };
}
