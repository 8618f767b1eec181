/** Bubbles: what either side sent, as elements. */

const TICKS = { accepted: "◷", sent: "✓", delivered: "✓✓", read: "✓✓", failed: "!" };
const WORDS = { accepted: "on its way", sent: "sent", delivered: "delivered", read: "read", failed: "failed" };
const MARKS = [[/```([^`]+)```/g, "code"], [/\*([^*\n]+)\*/g, "b"], [/(?<!\w)_([^_\n]+)_(?!\w)/g, "i"], [/~([^~\n]+)~/g, "s"]];
const PLAYED = { audio: "Voice message", video: "Video" };
const EMOJI = ["👍", "❤️", "😮"];

/** A `tag` with a class and children; a string becomes text. */
export function make(tag, name = "", ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children.filter(Boolean));
  return element;
}

/** The bubble of `item`; `quoted` is what it answers, `act` does what is pressed. */
export function bubble(item, quoted, act) {
  const parts = [make("div", "", ...(CONTENTS[item.kind] ?? plain)(item.content ?? {}, item, act))];
  if (quoted) parts.unshift(make("div", "bubble__quote", summary(quoted)));
  const element = make("li", `bubble${item.is_mine ? " bubble--mine" : ""}${item.status === "failed" ? " bubble--failed" : ""}`, ...parts);
  element.dataset.item = item.id;
  element.dataset.status = item.status;
  element.append(meta(item), acts(item, act));
  if (item.error) element.append(make("p", "bubble__error", item.error));
  if (item.reactions.length) element.append(make("span", "bubble__reactions", item.reactions.join(" ")));
  return element;
}

/** One line that says what `item` is. */
export function summary({ kind, content = {} }) {
  if (kind === "text") return content.body ?? "";
  if (kind === "template") return content.shown?.body ?? content.name;
  if (kind === "interactive") return content.body?.text ?? content.button_reply?.title ?? content.list_reply?.title ?? "";
  return content.caption || content.filename || kind;
}

function meta(item) {
  const time = new Date(item.at * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const tick = make("span", item.status === "read" ? "is-read" : "", TICKS[item.status] ?? "");
  tick.title = WORDS[item.status] ?? "";
  tick.setAttribute("aria-label", tick.title);
  tick.setAttribute("role", "img");
  return make("div", "bubble__meta", time, tick);
}

function acts(item, act) {
  const row = make("div", "bubble__acts");
  const add = (text, label, does) => {
    const button = make("button", "", text);
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.addEventListener("click", does);
    row.append(button);
  };
  add("↩", "Reply to it", () => act.answer(item));
  if (item.is_mine) return row;
  for (const emoji of EMOJI) add(emoji, `React with ${emoji}`, () => act.react(item, emoji));
  if (item.reactions.length) add("×", "Take the reaction back", () => act.react(item, ""));
  return row;
}

function words(text, name = "bubble__words") {
  const paragraph = make("p", name, text);
  for (const [pattern, tag] of MARKS) mark(paragraph, pattern, tag);
  return paragraph;
}

/** Put `tag` around what `pattern` finds in the texts below `element`. */
function mark(element, pattern, tag) {
  for (const node of [...element.childNodes]) {
    if (node.nodeType !== Node.TEXT_NODE) continue;
    const pieces = [];
    let last = 0;
    for (const found of node.data.matchAll(pattern)) {
      pieces.push(node.data.slice(last, found.index), make(tag, "", found[1]));
      last = found.index + found[0].length;
    }
    if (last) node.replaceWith(...pieces, node.data.slice(last));
  }
}

const source = (content) => content.link ?? `file/${content.id}`;

function photo(content, name) {
  const image = make("img", name);
  image.src = source(content);
  image.alt = content.caption || "Photo";
  return image;
}

function player(tag, content) {
  const element = make(tag);
  element.controls = true;
  element.preload = "metadata";
  element.setAttribute("aria-label", content.filename || content.caption || PLAYED[tag]);
  element.src = source(content);
  return element;
}

function file(content) {
  const link = make("a", "bubble__file", content.filename ?? "File");
  link.href = source(content);
  link.target = "_blank";
  return link;
}

function choices(options, press) {
  const group = make("div", "bubble__choices");
  for (const option of options) {
    const button = make("button", "", option.title, option.description && make("small", "", option.description));
    button.type = "button";
    button.addEventListener("click", () => press(option));
    group.append(button);
  }
  return group;
}

function interactive(content, item, act) {
  const chosen = content.button_reply ?? content.list_reply;
  if (chosen) return [words(chosen.title)];
  if (!content.action) return plain(content, item);
  const isList = content.type === "list";
  const options = isList
    ? content.action.sections.flatMap((section) => section.rows)
    : content.action.buttons.map((button) => button.reply);
  const head = content.header?.text && words(content.header.text, "bubble__words bubble__head");
  const foot = content.footer?.text && words(content.footer.text, "bubble__words bubble__foot");
  return [head, words(content.body?.text ?? ""), foot, choices(options, (option) => act.choose(item, isList, option))];
}

function template({ shown }, item, act) {
  return [
    shown.header && words(shown.header, "bubble__words bubble__head"),
    words(shown.body),
    shown.footer && words(shown.footer, "bubble__words bubble__foot"),
    shown.buttons.length && choices(shown.buttons, (button) => act.press(item, button)),
  ];
}

function plain(content, item) {
  return [words(`(${item.kind})`)];
}

const caption = (content) => content.caption && words(content.caption);

const CONTENTS = {
  text: (content) => [words(content.body)],
  image: (content) => [photo(content, "bubble__photo"), caption(content)],
  sticker: (content) => [photo(content, "bubble__sticker")],
  audio: (content) => [player("audio", content)],
  video: (content) => [player("video", content), caption(content)],
  document: (content) => [file(content), caption(content)],
  location: (content) => [words(`${content.name ?? "Location"}\n${content.latitude}, ${content.longitude}`)],
  contacts: (content) => [words(`Contact card\n${Object.values(content)[0]?.name?.formatted_name ?? ""}`)],
  button: (content) => [words(content.text)],
  interactive,
  template,
};
