/** Join, Accept, Release, End and the assistant's switch; a button is busy until the result shows. */
import { confirm } from "../ui/dialog.js";
import { api, fragment } from "../ui/http.js";
import { Refresher } from "../ui/refresher.js";
import { toast } from "../ui/toast.js";
import { refresh } from "../ui/time.js";
import { say } from "../ui/words.js";

const base = (id) => `/api/v1/conversations/${id}`;

export class Floor {
  #fresh = new Refresher(() => this.#fetch());
  #isBehind = false;

  /** `page` returns the open conversation and reacts to an act. */
  constructor(root, page) {
    this.root = root;
    this.page = page;
    root.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]");
      if (act) this.act(act.dataset.act, act);
      const choice = event.target.closest("[data-switch]");
      if (choice) this.switch(choice.dataset.switch);
      const block = event.target.closest("[data-block]");
      if (block) this.block(block.dataset);
      if (event.target.closest("[data-take-next]")) this.takeNext(event.target.closest("button"));
    });
    root.addEventListener("keydown", (event) => this.#walk(event));
    root.addEventListener("parley:menu-closed", () => this.#isBehind && this.refresh());
  }

  /** Do the act `name` with the open conversation, or say why it is refused; return false where there is no such act. */
  act(name, button = this.#buttonOf(name)) {
    const id = this.page.openedId();
    if (!id || !button || button.ariaBusy === "true") return false;
    if (button.disabled) toast(button.title);
    else this.#do(id, name, button);
    return true;
  }

  #buttonOf(name) {
    const act = `[data-act="${name}"]`;
    return this.root.querySelector(`${act}:not(:disabled)`) ?? this.root.querySelector(`${act}, [data-refused="${name}"]`);
  }

  /** Accept the conversation that waits longest and open it. */
  async takeNext(button = this.root.querySelector("[data-take-next]")) {
    const id = this.root.querySelector("[data-queue]")?.dataset.longest;
    if (!id) {
      toast(say("nobody_waits"));
      return;
    }
    await this.#busy(button, async () => {
      await api("POST", `${base(id)}/accept`, {});
      this.page.open(id);
    });
    this.page.refreshRow(id);
  }

  /** Set the assistant's switch; blocking asks for confirmation with what the customer sees. */
  async switch(value) {
    const id = this.page.openedId();
    const checked = this.root.querySelector(`[data-switch="${value}"]`)?.ariaChecked === "true";
    const frame = this.root.querySelector("[data-thread]");
    if (!id || !frame || checked) return;
    if (value === "blocked" && !(await confirmBlock(frame.dataset.name))) return;
    await this.#busy(this.root.querySelector("[data-switch-button]"), () =>
      api("PUT", `${base(id)}/assistant`, { switch: value }),
    );
  }

  /** Block a contact after confirmation, or unblock it: possible even where the switch is not. */
  async block({ block: name, contact }) {
    const frame = this.root.querySelector("[data-thread]");
    if (name === "block" && !(await confirmBlock(frame.dataset.name))) return;
    await this.#busy(this.root.querySelector("[data-switch-button]"), () =>
      api("POST", `/api/v1/contacts/${contact}/${name}`, {}),
    );
  }

  /** Pause or resume the assistant; return false where that is not possible. */
  togglePause() {
    const active = this.root.querySelector('[data-switch="active"]');
    if (!active) return false;
    this.switch(active.ariaChecked === "true" ? "paused" : "active");
    return true;
  }

  /** Fetch every part that shows the floor; resolves when that was tried. */
  refresh() {
    return this.#fresh.ask();
  }

  async #fetch() {
    const frame = this.root.querySelector("[data-thread]");
    const isOpen = () => frame?.isConnected && frame.dataset.thread === this.page.openedId();
    if (!isOpen()) return;
    const { content } = await fragment(frame.dataset.floor);
    if (isOpen()) this.#swap(content);
  }

  #swap(content) {
    this.#isBehind = false;
    const focused = placeOf(document.activeElement);
    for (const part of content.querySelectorAll("[data-swap]")) {
      const old = this.root.querySelector(`[data-swap="${part.dataset.swap}"]`);
      if (!old || old.isEqualNode(part)) continue;
      if (old.querySelector(".menu:not([hidden])")) {
        this.#isBehind = true; // an open menu is not replaced
        continue;
      }
      if ("hint" in old.dataset) part.hidden = old.hidden;
      old.replaceWith(part);
      refresh(part);
    }
    if (focused && !document.activeElement?.closest("[data-swap]")) {
      this.#focus(focused) || this.#focus("[data-swap] button:not(:disabled)");
    }
    this.page.floorSwapped();
  }

  /** Focus the first visible element, so that the focus of a removed act is not lost. */
  #focus(selector) {
    const found = [...this.root.querySelectorAll(selector)].find((one) => one.offsetParent);
    found?.focus();
    return found;
  }

  async #do(id, name, button) {
    const person = watch();
    const isDone = await this.#busy(button, () => api("POST", `${base(id)}/${name}`, {}));
    this.page.refreshRow(id);
    if (!isDone || this.page.openedId() !== id) return;
    if (name === "end") this.#tellEnd(id);
    if (person.hasGoneOn) return;
    if (name === "accept") this.page.focusComposer();
    if (name === "end") this.page.focusNextRow();
  }

  #tellEnd(id) {
    toast(say("closed"), {
      act: say("undo"),
      onAct: async () => {
        await this.#busy(null, () => api("POST", `${base(id)}/reopen`, {}));
        this.page.refreshRow(id);
      },
    });
  }

  /** Show `button` busy during `work`, then its result or refusal; return whether it was done. */
  async #busy(button, work) {
    button?.setAttribute("aria-busy", "true");
    try {
      await work();
      return true;
    } catch (error) {
      this.#showRefusal(error);
      return false;
    } finally {
      await this.refresh();
      button?.removeAttribute("aria-busy");
    }
  }

  /** Show a refusal; a lost race names the winner and is no error. */
  #showRefusal(error) {
    if (error.code === "already_accepted") {
      const name = error.body.owner?.name ?? say("somebody");
      toast(say("accepted_before", { name }), { act: say("take_next"), onAct: () => this.takeNext() });
    } else if (error.code === "ended") {
      toast(say("open_first"));
    } else {
      toast(error.isPassing || !error.detail ? say("act_failed") : error.detail, { isError: true });
    }
  }

  /** Move through the segments of the switch by arrow keys. */
  #walk(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const group = event.target.closest('[role="radiogroup"]');
    if (!step || !group) return;
    event.preventDefault();
    const all = [...group.querySelectorAll('[role="radio"]')];
    all[(all.indexOf(event.target) + step + all.length) % all.length].focus();
  }
}

/** Note whether the person does anything: then the focus must not be moved. */
function watch() {
  const person = { hasGoneOn: false };
  const goOn = () => {
    person.hasGoneOn = true;
  };
  for (const act of ["pointerdown", "keydown"]) addEventListener(act, goOn, { capture: true, once: true });
  return person;
}

/** Return a selector of the focused button among the parts that are swapped. */
function placeOf(element) {
  if (!element?.closest("[data-swap]")) return null;
  const { act, switch: value } = element.dataset;
  if (act) return `[data-act="${act}"]:not(:disabled)`;
  if (value) return `[data-switch="${value}"]`;
  return ["[data-block]", "[data-switch-button]"].find((one) => element.matches(one)) ?? null;
}

function confirmBlock(name) {
  return confirm({
    title: say("block_title", { name }),
    body: say("block_body"),
    verb: say("block_verb"),
    safe: say("block_safe"),
  });
}
