/* The surroundings of the thread: who answers, and the visitor's earlier conversations. */
import { number } from "../ui/format.js";
import { avatar, make, sentence, time } from "./dom.js";

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

/** Return the list entry of one of the visitor's conversations. */
export function rowNode(conversation, { unread, config, labels, open }) {
  const last = conversation.last_message;
  const who = conversation.owner?.name ?? conversation.assistant?.name ?? config.assistant.name;
  const isWaiting = conversation.control === "requested";
  const state = conversation.lifecycle === "ended" ? labels.ended : isWaiting ? labels.waiting_short : who;
  const title = make("b", "truncate", {}, conversation.title || labels.untitled);
  const head = make("span", "past__head", {}, title, time(last?.at ?? conversation.created_at));
  const said = make("span", "truncate", {}, last ? sentence(last.text, labels) : labels.nothing_said);
  const foot = make("span", "past__foot", {}, said, unread ? make("span", "count", {}, number(unread)) : null);
  return make("li", "", {}, make("button", "past", { click: open }, head, foot, make("span", "past__state", {}, state)));
}
