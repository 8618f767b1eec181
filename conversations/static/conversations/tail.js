/** The end of an answer that streams, drawn like what the server will render: code, lists, headings, emphasis. */
import { closes, fenceOf } from "./blocks.js";

const ITEM = /^\s*(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*)$/;
const BEGUN = /^\s*(?:[-*+]{1,2}|\d{1,9}[.)]?|#{1,6}|`{1,3}|~{1,3}|>)\s*$/; // too little to know what it will be
const EMPHASIS = /(\*\*(?=\S)[^*]+(?:\*\*|$)|`[^`]+(?:`|$))/;

/**
 * Return the nodes of `text`. Where it begins within code, `code` is `{open, place}`: its fence, and
 * where its lines are appended.
 */
export function draw(text, code = null) {
  const drawing = { nodes: [], code, last: null };
  const lines = text.split("\n");
  lines.forEach((line, index) => {
    const isLast = index === lines.length - 1;
    if (drawing.code) drawCode(drawing, line, isLast);
    else if (!isLast || !BEGUN.test(line)) drawLine(drawing, line);
  });
  return drawing.nodes;
}

function drawCode(drawing, line, isLast) {
  const { open, place } = drawing.code;
  if (closes(fenceOf(line), open)) drawing.code = null;
  else place.append(isLast ? line : `${line}\n`);
}

function drawLine(drawing, line) {
  const fence = fenceOf(line);
  const item = line.match(ITEM);
  const heading = line.match(HEADING);
  if (fence) drawFence(drawing, fence);
  else if (item) drawItem(drawing, item);
  else if (heading) add(drawing, make(`h${heading[1].length}`, heading[2]));
  else if (!line.trim()) drawing.last = null;
  else if (drawing.last?.localName === "p") drawing.last.append("\n", ...emphasized(line));
  else add(drawing, make("p", line));
}

function drawFence(drawing, open) {
  const [frame, head, outer, place] = ["div", "div", "pre", "code"].map((tag) => document.createElement(tag));
  frame.className = "code";
  head.className = "code__head";
  head.textContent = open.language || "text";
  outer.append(place);
  frame.append(head, outer);
  add(drawing, frame);
  drawing.code = { open, place };
}

function drawItem(drawing, [, number, words]) {
  const tag = number ? "ol" : "ul";
  if (drawing.last?.localName !== tag) {
    const list = document.createElement(tag);
    if (number) list.start = Number(number);
    add(drawing, list);
  }
  drawing.last.append(make("li", words));
}

function add(drawing, node) {
  drawing.nodes.push(node);
  drawing.last = node;
}

function make(tag, text) {
  const made = document.createElement(tag);
  made.append(...emphasized(text));
  return made;
}

/** Return `text` with what is bold or code marked; a mark that is still open holds to the end. */
function emphasized(text) {
  return text.split(EMPHASIS).map((piece) => {
    const mark = ["**", "`"].find((one) => piece.startsWith(one) && piece.length > one.length);
    if (!mark) return piece;
    const part = document.createElement(mark === "`" ? "code" : "strong");
    part.textContent = piece.slice(mark.length).replace(mark, "");
    return part;
  });
}
