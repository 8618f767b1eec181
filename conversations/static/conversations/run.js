/** The answer that is being written: its bubble, its tools, and stopping it. */
import { applyChunk, startStream } from "../ui/stream.js";
import { api, fragment } from "../ui/http.js";
import { toast } from "../ui/toast.js";
import { say } from "../ui/words.js";
import { drawAround } from "./decision.js";
import { keepFocus } from "./focus.js";
import { StreamedProse } from "./prose.js";

const CODE_POINTS_PER_TOKEN = 4;

export class LiveRun {
  #stream = startStream();
  #prose = null;
  #waiting = null;
  #isFetching = false;
  #isBehind = false;

  /** `thread` places the bubble; `refollow` requests a snapshot after a gap. */
  constructor(thread, { run, message_id, assistant }, { refollow }) {
    this.id = run;
    this.messageId = message_id;
    this.name = assistant?.name || thread.assistantName;
    this.refollow = refollow;
    this.element = thread.pattern("live");
    this.element.id = `message-${message_id}`;
    this.thread = thread;
    this.#part("stop").disabled = false;
    this.#say(say("preparing", { name: this.name }));
  }

  get text() {
    return this.#stream.text;
  }

  /** Apply a `chunk`. */
  chunk(data) {
    const outcome = applyChunk(this.#stream, data);
    if (outcome === "gap") this.refollow();
    if (outcome === "gap" || outcome === "ignored") return;
    if (this.#stream.text) this.#show();
    else if (this.#prose) this.#takeBack();
  }

  #show() {
    this.#waiting ??= [...this.#part("bubble").childNodes];
    this.#prose ??= new StreamedProse(this.#part("bubble"));
    this.#prose.show(this.#stream.text);
    const count = Math.ceil(this.#stream.length / CODE_POINTS_PER_TOKEN);
    this.#say(say("writing_tokens", { name: this.name, count }));
  }

  /** Show again what stood there before the first word: the text was no part of the answer. */
  #takeBack() {
    this.#prose.finish();
    this.#prose = null;
    this.#part("bubble").replaceChildren(...this.#waiting);
    this.#say(say("preparing", { name: this.name }));
  }

  /** Apply a `status`. */
  status({ state }) {
    if (state === "waiting_approval") this.#say(say("approval", { name: this.name }));
  }

  /** Show the tool calls as the server draws them; one request at a time. */
  async showTools() {
    this.#isBehind = true;
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      while (this.#isBehind) {
        this.#isBehind = false;
        const { content } = await fragment(`/conversations/${this.thread.id}/runs/${this.id}/tools/`);
        if (this.element.isConnected) this.#draw(content);
      }
    } catch {
      // The next event, or the finished message, shows them.
    } finally {
      this.#isFetching = false;
    }
  }

  #draw(content) {
    const place = this.#part("tools");
    keepFocus(place, this.thread.scroll, () => drawAround(place, content));
  }

  /** End the run; the finished message takes the bubble's place. */
  end() {
    this.#prose?.finish();
    this.element.setAttribute("aria-busy", "false");
    this.element.querySelector(".stream")?.remove();
  }

  async stop() {
    const button = this.#part("stop");
    button.disabled = true;
    try {
      await api("POST", `/api/v1/runs/${this.id}/cancel`, {});
    } catch (error) {
      button.disabled = false;
      toast(error.code === "not_running" ? say("stop_failed") : say("act_failed"), { isError: error.isPassing });
    }
  }

  #say(text) {
    const place = this.#part("progress");
    if (place && place.textContent !== text) place.textContent = text;
  }

  /** Return a part of the bubble, or one that the page keeps elsewhere, such as at the composer. */
  #part(name) {
    return this.element.querySelector(`[data-${name}]`) ?? this.thread.frame.querySelector(`[data-${name}]`);
  }
}
