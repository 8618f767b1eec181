/** The end of an answer that streams, drawn like what the server will render. */
import { closes, fenceOf, withLineFeeds } from "./blocks.js";
import { drawInline } from "./inline.js";
import { make } from "./make.js";
import { drawTable, isTable } from "./table.js";

const DEEPEST = 12;
const TAB = 4;
const HEADING = /^ {0,3}(#{1,6})(?:\s(.*))?$/;
const HEADING_END = /(?:^|\s)#+$/;
const INDENTED = /^ {4,}(?=\S)/;
const INDENTATION = /^[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)?/;
const ITEM = /^( {0,3})([-*+]|(\d{1,9})[.)])(?:( +)(.*))?$/;
const TASK = /^\[([ xX])\] +/;
const QUOTE = /^ {0,3}> ?/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const UNDERLINE = /^ {0,3}(=+|-+)\s*$/;
const BEGUN = /^(?:[-+=\s]*|\d{1,9}[.)]?|#{1,6}|>+)$/; // too little to know what it will be
const OPEN_MARK = /(?<![*_~`[])[*_~`[]+$|<\/?[a-z]{0,7} ?\/?$/i; // it may open or close something

/** Return the nodes of `text`, whose last line is still being written. */
export function draw(text) {
  const lines = withLineFeeds(text).replace(OPEN_MARK, "").split("\n");
  return drawLines(new Lines(withoutTabs(lines), { isOpen: true, depth: 0 }));
}

/** Return `lines` indented by spaces, but for code. */
function withoutTabs(lines) {
  let open = null;
  return lines.map((line) => {
    const fence = fenceOf(line.trimStart());
    const isCode = open && !closes(fence, open);
    if (!isCode) open = open ? null : fence;
    return isCode ? line : line.replace(INDENTATION, spaced);
  });
}

function spaced(indentation) {
  let made = "";
  for (const one of indentation) made += one === "\t" ? " ".repeat(TAB - (made.length % TAB)) : one;
  return made;
}

/** Lines of Markdown and a place among them; of open ones the last is still being written. */
class Lines {
  at = 0;

  constructor(all, { isOpen, depth }) {
    Object.assign(this, { all, isOpen, depth });
  }

  get line() {
    return this.all[this.at];
  }

  get isDone() {
    return this.at >= this.all.length;
  }

  /** Whether what was just taken is open: still being written. */
  get taken() {
    return { isOpen: this.isOpen && this.isDone };
  }

  /** Whether nothing can be said yet of the line. */
  get isBegun() {
    return this.isOpen && this.at === this.all.length - 1 && BEGUN.test(this.line.trim());
  }

  /** Return this line and those behind it that satisfy `belongs`, and go on behind them. */
  take(belongs) {
    const begin = this.at;
    do this.at += 1;
    while (!this.isDone && belongs(this.line, this.all[this.at - 1]));
    return this.all.slice(begin, this.at);
  }

  /** Return `lines`, just taken, as those of a block within. */
  within(lines) {
    return new Lines(lines, { ...this.taken, depth: this.depth + 1 });
  }

  isTable() {
    return isTable(this.all, this.at, { isOpen: this.isOpen });
  }
}

function drawLines(lines) {
  const kinds = lines.depth > DEEPEST ? [drawParagraph] : [drawCode, drawIndented, drawHeading, drawRule, drawQuote, drawList, drawRows, drawParagraph];
  const nodes = [];
  while (!lines.isDone && !lines.isBegun) {
    if (lines.line.trim()) nodes.push(first(kinds, lines));
    else lines.at += 1;
  }
  return nodes;
}

function first(kinds, lines) {
  for (const draws of kinds) {
    const node = draws(lines);
    if (node) return node;
  }
  return null;
}

function drawCode(lines) {
  const open = fenceOf(lines.line);
  if (!open) return null;
  const [, ...code] = lines.take((line) => !closes(fenceOf(line), open));
  const isClosed = !lines.isDone;
  if (isClosed) lines.at += 1;
  const indent = new RegExp(`^ {0,${open.indent}}`);
  return codeNode(open.language, code.map((line) => line.replace(indent, "")), { isClosed });
}

function drawIndented(lines) {
  if (!INDENTED.test(lines.line)) return null;
  const code = lines.take((line) => INDENTED.test(line) || !line.trim()).join("\n").trimEnd().split("\n");
  return codeNode("", code.map((line) => line.slice(4)), { isClosed: true });
}

function codeNode(language, lines, { isClosed }) {
  const code = make("code", lines.join("\n") + (isClosed && lines.length ? "\n" : ""));
  const frame = make("div", make("div", language || "text"), make("pre", code));
  frame.className = "code";
  frame.firstChild.className = "code__head";
  return frame;
}

function drawHeading(lines) {
  const found = lines.line.match(HEADING);
  if (!found) return null;
  lines.at += 1;
  const words = (found[2] ?? "").trim().replace(HEADING_END, "").trim();
  return make(`h${found[1].length}`, ...drawInline(words, lines.taken));
}

function drawRule(lines) {
  if (!RULE.test(lines.line)) return null;
  lines.at += 1;
  return make("hr");
}

function drawQuote(lines) {
  if (!QUOTE.test(lines.line)) return null;
  const quoted = lines.take((line, before) => QUOTE.test(line) || (QUOTE.test(before) && isPlain(line)));
  return make("blockquote", ...drawLines(lines.within(quoted.map((line) => line.replace(QUOTE, "")))));
}

function drawList(lines) {
  const begin = itemOf(lines.line);
  if (!begin) return null;
  const list = make(begin.number ? "ol" : "ul");
  if (begin.number && Number(begin.number) !== 1) list.start = Number(begin.number);
  for (let item = begin; item?.kind === begin.kind; item = lines.isDone || lines.isBegun ? null : itemOf(lines.line)) {
    list.append(drawItem(lines, item));
  }
  return list;
}

/** Draw an item with the lines that are indented under it. */
function drawItem(lines, { indent, words }) {
  const isUnder = (line) => line.search(/\S/) >= indent;
  const [, ...rest] = lines.take((line, before) => !line.trim() || isUnder(line) || (before.trim() && isPlain(line) && !itemOf(line)));
  const nodes = drawLines(lines.within([words.replace(TASK, boxed), ...rest.map((line) => (isUnder(line) ? line.slice(indent) : line.trimStart()))]));
  const isTight = nodes.filter((node) => node.localName === "p").length === 1 && nodes[0].localName === "p";
  if (isTight) nodes.splice(0, 1, ...nodes[0].childNodes);
  return make("li", ...nodes);
}

function boxed(_, tick) {
  return tick === " " ? "☐ " : "☑ ";
}

/** Return `{kind, number, words, indent}` of a line that begins an item, else null; its words begin at `indent`. */
function itemOf(line) {
  const found = RULE.test(line) ? null : line.match(ITEM);
  if (!found) return null;
  const [, before, mark, number, space = " ", words = ""] = found;
  const isCode = space.length > 4;
  const indent = before.length + mark.length + (isCode || !words ? 1 : space.length);
  return { kind: mark.at(-1), number, words: isCode ? space.slice(1) + words : words, indent };
}

function drawRows(lines) {
  if (!lines.isTable()) return null;
  const rows = lines.take((line) => line.trim() && !isInterrupting(line));
  return drawTable(rows, lines.taken);
}

function drawParagraph(lines) {
  const words = lines.take((line) => isPlain(line) && !UNDERLINE.test(line) && !lines.isBegun && !lines.isTable());
  const underline = !lines.isDone && !lines.isBegun && lines.line.match(UNDERLINE)?.[1];
  if (underline) lines.at += 1;
  const tag = underline ? (underline[0] === "=" ? "h1" : "h2") : "p";
  return make(tag, ...drawInline(words.map((line) => line.trim()).join("\n"), lines.taken));
}

/** Whether `line` may go on with a paragraph. */
function isPlain(line) {
  return Boolean(line.trim()) && !isInterrupting(line);
}

function isInterrupting(line) {
  const item = itemOf(line);
  const isItem = item?.words && Number(item.number ?? 1) === 1;
  return Boolean(isItem || fenceOf(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line));
}
