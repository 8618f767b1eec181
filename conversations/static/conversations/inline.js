/** Words of an answer that streams: emphasis, code, addresses, the few tags that models write. */
import { make } from "./make.js";

const PATTERNS = {
  escape: String.raw`\\[!-\/:-@\[-\x60\{-~]`,
  code: String.raw`(?<!\x60)(?<ticks>\x60+)(?!\x60)(?<code>[^]+?)(?:(?<!\x60)\k<ticks>(?!\x60)|END)`,
  strong: String.raw`(?<bold>(?<!\p{Nd})\*\*|\*\*(?!\p{Nd})|(?<![\p{L}\p{N}_])__)(?=\S)(?<strong>[^]{1,2000}?)(?:(?<!\s)\k<bold>(?!\*|(?<=_)(?:\w|\.\w|\())|END)`,
  s: String.raw`~~(?=\S)(?<s>[^]{1,2000}?)(?:(?<!\s)~~|END)`,
  em: String.raw`(?<slant>(?<![\w*\p{Nd}])\*|(?<![\p{L}\p{N}_])_)(?![\s*_])(?<em>[^]{1,500}?)(?:(?<!\s)\k<slant>(?![\w*]|(?<=_)\p{L})|END)`,
  a: String.raw`\[(?<a>[^\[\]\n]+)(?:\]\([^()\n]*(?:\)|END)|\]?END)`,
  address: String.raw`<?(?<address>https?://[^\s<>]*[^\s<>.,;:!?'")\]*_~])>?`,
  tag: String.raw`<(?<tag>b|strong|i|em|u|s|del|sub|sup|kbd|mark|code)>(?<tagged>[^]{1,2000}?)(?:</\k<tag>>|END)`,
  comment: String.raw`<!--[^]*?(?:-->|END)`,
  br: String.raw`\\?\n|<[bB][rR] ?/?>[ \t]*\n?`,
};
const TAGS = { b: "strong", i: "em", del: "s" };
const CLOSED = marks("(?!)");
const OPEN = marks("$"); // a mark that is still open holds to the end

/** Return the nodes of `text`, a paragraph or less; an open one is still being written. */
export function drawInline(text, { isOpen }) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(isOpen ? OPEN : CLOSED)) {
    if (found.index > end) nodes.push(text.slice(end, found.index));
    end = found.index + found[0].length;
    nodes.push(drawMark(found, { isOpen: isOpen && end === text.length }));
  }
  if (end < text.length) nodes.push(text.slice(end));
  return nodes;
}

function drawMark({ 0: whole, groups }, { isOpen }) {
  const name = Object.keys(PATTERNS).find((one) => groups[`_${one}`] !== undefined);
  if (name === "escape") return whole.slice(1);
  if (name === "comment") return "";
  if (name === "tag") return make(TAGS[groups.tag] ?? groups.tag, ...drawInline(groups.tagged, { isOpen }));
  const made = make(name === "address" ? "a" : name); // it leads nowhere until the server has checked it
  if (name === "code") made.textContent = groups.code.replaceAll("\n", " ").replace(/^ (.*\S.*) $/, "$1");
  else if (name === "address") made.textContent = groups.address;
  else if (name !== "br") made.append(...drawInline(groups[name], { isOpen }));
  return made;
}

function marks(end) {
  const all = Object.entries(PATTERNS).map(([name, pattern]) => `(?<_${name}>${pattern.replaceAll("END", end)})`);
  return new RegExp(all.join("|"), "gu");
}
