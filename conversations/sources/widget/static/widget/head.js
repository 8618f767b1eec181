/* The head of the widget: who answers. */
import { avatar } from "./dom.js";

export class Head {
  /** ``avatar``, ``name`` and ``about`` are the elements that are filled. */
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Show who answers in a conversation; without one, who would in a new one. */
  draw(conversation) {
    const { config, labels } = this;
    const owner = conversation?.control === "agent" ? conversation.owner : null;
    const assistant = conversation?.assistant ?? config.assistant;
    const name = owner?.name ?? assistant.name;
    const shown = owner ? { kind: "agent", name } : { kind: "assistant", name, picture: assistant.avatar };
    const isWaiting = conversation?.control === "requested" && conversation.lifecycle === "active";
    if (this.avatar.dataset.shown !== JSON.stringify(shown)) this.avatar.replaceChildren(avatar(shown));
    this.avatar.dataset.shown = JSON.stringify(shown);
    this.name.textContent = name;
    if (isWaiting) this.about.textContent = labels.waiting_short;
    else this.about.textContent = owner ? labels.person : config.texts.subtitle;
  }
}
