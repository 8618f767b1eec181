/* The head of the widget: who answers. */
import { avatar } from "./dom.js";

/** Return who answers in this conversation (undefined: who would answer in a new one). */
export function drawHead(conversation, { parts, config, labels }) {
  const owner = conversation?.control === "agent" ? conversation.owner : null;
  const assistant = conversation?.assistant ?? config.assistant;
  const name = owner?.name ?? assistant.name;
  const shown = owner ? { kind: "agent", name } : { kind: "assistant", name, picture: assistant.avatar };
  const isWaiting = conversation?.control === "requested" && conversation.lifecycle === "active";
  if (parts.avatar.dataset.shown !== JSON.stringify(shown)) parts.avatar.replaceChildren(avatar(shown));
  parts.avatar.dataset.shown = JSON.stringify(shown);
  parts.name.textContent = name;
  if (isWaiting) parts.about.textContent = labels.waiting_short;
  else parts.about.textContent = owner ? labels.person : config.texts.subtitle;
}
