/** The answers that are being written: each stands where it began, below what had been said. */
import { LiveRun } from "./run.js";

export class LiveRuns {
  #runs = new Map();
  #ended = new Set();

  /** `refollow` requests a snapshot after a gap, `writing` gets the name of whoever writes, or null. */
  constructor(thread, { refollow, writing }) {
    Object.assign(this, { thread, refollow, writing });
  }

  /** The answer that is being written now, or null. */
  get current() {
    return [...this.#runs.values()].findLast((run) => !this.#ended.has(run.id)) ?? null;
  }

  /** Return the run of `data`; make a bubble unless its message is shown already. */
  of(data) {
    const known = this.#runs.get(data.run);
    if (known) return known;
    if (this.#ended.has(data.run) || !data.message_id || document.getElementById(`message-${data.message_id}`)) return null;
    const run = new LiveRun(this.thread, data, { refollow: this.refollow });
    this.#runs.set(run.id, run);
    if (data.behind != null) run.element.dataset.behind = data.behind;
    this.thread.stretch.place(run.element);
    this.reveal();
    run.showTools();
    this.writing(run.name);
    return run;
  }

  /** Note that a run ended; its bubble stays until its message takes the place. */
  end(data) {
    this.#ended.add(data.run);
    this.#runs.get(data.run)?.end();
  }

  /** Remove the bubble of the run that wrote `entry`, its message or the line that has its calls. */
  written({ dataset }) {
    const run = this.#runs.get(dataset.run);
    if (!run) return;
    this.#ended.add(run.id);
    this.#drop(run);
  }

  /** Remove the bubbles of ended runs: all that was written is shown, so they wrote no message. */
  settle() {
    for (const run of this.#runs.values()) if (this.#ended.has(run.id)) this.#drop(run);
  }

  /** Show each bubble as soon as what it answers is shown above it. */
  reveal() {
    const { items, stretch } = this.thread;
    for (const { element } of this.#runs.values()) {
      const { behind } = element.dataset;
      element.hidden = stretch.last < behind && !items.querySelector(`[data-pending][data-place="${behind}"]`);
    }
  }

  #drop(run) {
    this.#runs.delete(run.id);
    run.element.remove();
    this.writing(this.current?.name ?? null);
  }
}
