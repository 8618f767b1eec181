/* Nodes of the thread's entries: a message, a system line, a stream, a pending message. */
import { GrowingText } from "../conversations/growing.js";
import { fill, plural } from "../ui/format.js";
import { attachmentsNode, signatureOf, transcriptNodes, waitingNode } from "./attachments.js";
import { cardsNode, cardsSignature, drawChoices } from "./cards.js";
import { arrange, icon, make, sentence, time } from "./dom.js";

const CUT = { cancelled: "stopped", superseded: "interrupted", interrupted: "interrupted", length: "interrupted" };

const drawn = new WeakMap(); // per node, its parts and what each of them shows

export function messageNode(message) {
  const node = make("li", "", { id: `message-${message.id}`, "data-position": message.position });
  node.dataset.author = message.author.kind;
  return node;
}

/** Draw ``message`` into ``node``; an unchanged part stays, so it is not announced again. */
export function drawMessage(node, message, { isGrouped, delivery, labels, renew, choose, isOpen, busy }) {
  node.className = `message message--${message.author.kind}${isGrouped ? " message--grouped" : ""}`;
  const isOwn = message.author.kind === "customer";
  const parts = [
    isOwn ? null : part(node, "meta", [message.author.name, message.created_at], () => meta(message, labels)),
    part(node, "body", [message.text, message.html, signatureOf(message)], () => body(message, { labels, renew })),
    part(node, "cards", cardsSignature(message), () => cardsNode(message, { labels, renew, choose })),
    part(node, "foot", [message.error, delivery], () => foot(message, { delivery, labels })),
  ];
  drawChoices(parts[2], message, { isOpen, busy });
  arrange(node, parts.filter(Boolean));
}

function part(node, name, content, build) {
  const parts = drawn.get(node) ?? {};
  drawn.set(node, parts);
  const says = JSON.stringify(content);
  const before = parts[name];
  if (before?.says === says) return before.made;
  parts[name] = { says, made: build() };
  if (parts[name].made) before?.made?.replaceWith(parts[name].made);
  return parts[name].made;
}

function body(message, { labels, renew }) {
  const bubble = make("div", "message__bubble prose");
  const isSentence = message.author.kind === "assistant" && sentence(message.text, labels) !== message.text;
  if (isSentence) bubble.append(make("p", "", {}, sentence(message.text, labels)));
  // The server renders and sanitises; this page's policy allows no script but its own.
  else if (message.html) bubble.innerHTML = message.html;
  else bubble.append(make("p", "message__plain", {}, message.text));
  for (const link of bubble.querySelectorAll("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
  }
  const above = [attachmentsNode(message, { labels, renew }), ...transcriptNodes(message)];
  const words = message.text || !(message.attachments?.length || message.cards?.length) ? bubble : null;
  return words || above.some(Boolean) ? make("div", "message__body", {}, ...above, words) : null;
}

export function lineNode(text) {
  return make("li", "event", {}, text);
}

/** Return the node of the place in the queue, with the button that gives it up. */
export function queueNode(labels, onStop) {
  const words = make("span", "", { role: "status" });
  const node = make("li", "queue-note", {}, icon("clock"), words, act(labels.stop_waiting, onStop));
  return { node, words };
}

export function drawQueue({ words }, { position, minutes }, labels) {
  const ordinal = labels.queue[position] ?? fill(labels.queue_other, { position });
  const wait = minutes ? ` ${plural(labels.wait, minutes)}` : "";
  const text = make("span", "", {}, make("b", "", {}, position ? ordinal : labels.waiting), `${wait} ${labels.may_close}`);
  if (words.textContent !== text.textContent) words.replaceChildren(...text.childNodes);
}

/** Return a stream's bubble and its growing text; only its finished message is announced. */
export function streamNode(name, labels) {
  const text = new GrowingText();
  const bubble = make("div", "message__bubble prose", {}, text.element);
  const node = make(
    "li",
    "message message--assistant message--streaming",
    { "aria-busy": "true", "aria-live": "off" },
    meta({ author: { kind: "assistant", name } }, labels),
    make("div", "message__body", {}, bubble),
  );
  return { node, text };
}

export function typingNode(name, labels) {
  const dots = make("span", "typing", { "aria-hidden": "true" }, make("i"), make("i"), make("i"));
  const bubble = make("div", "message__bubble", {}, dots);
  const words = make("span", "message__writing", {}, fill(labels.writing, { name }));
  return make("li", "message message--assistant message--typing", {}, make("div", "message__body", {}, bubble), words);
}

/** Return the bubble of a message that the server does not have yet. */
export function pendingNode(entry) {
  // Not announced here: the message is, once it has arrived.
  return make("li", "", { "data-client": entry.client_id, "aria-live": "off" });
}

export function drawPending(node, entry, { held, isLost, labels, onTake, onRetry }) {
  const words = pendingWords(entry, { held, isLost, labels });
  if (node.dataset.words === words) return;
  node.dataset.words = words;
  node.className = `message message--customer message--${entry.failed ? "failed" : "pending"}`;
  const state = make("span", entry.failed ? "delivery delivery--failed" : "delivery", {}, icon(entry.failed ? "warning" : "clock"), words);
  if (entry.failed) state.append(act(labels.retry, onRetry));
  if (words !== labels.sending) state.append(act(labels.take_back, onTake));
  const said = entry.text ? make("div", "message__bubble message__plain", {}, entry.text) : null;
  const body = make("div", "message__body", {}, waitingNode(entry.files), said);
  node.replaceChildren(body, make("div", "message__foot", {}, state));
}

function pendingWords(entry, { held, isLost, labels }) {
  if (entry.failed) return fill(labels.not_sent, { reason: entry.failed });
  if (isLost) return labels.kept;
  return held > 0 ? fill(labels.held, { seconds: held }) : labels.sending;
}

function act(label, click) {
  return make("button", "delivery__retry", { click }, label);
}

function meta({ author, created_at: at }, labels) {
  const mark = author.kind === "assistant" ? make("span", "ai-mark", { title: labels.ai_title }, labels.ai) : null;
  return make("div", "message__meta", {}, make("span", "message__author", {}, author.name), mark, at ? time(at) : null);
}

function foot(message, { delivery, labels }) {
  const cut = CUT[message.error];
  if (cut) return make("div", "message__foot", {}, make("span", "message__cut", {}, labels[cut]));
  if (!delivery) return null;
  const state = make("span", `delivery delivery--${delivery}`, {}, icon(delivery === "sent" ? "check" : "checks"), labels[delivery]);
  return make("div", "message__foot", { "aria-live": "off" }, state);
}
