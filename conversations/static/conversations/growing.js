/** A text that grows: drawn like what the server will render of it, with a caret at its end. */
import { draw } from "./tail.js";

const BLOCKS = "ul, ol, li, table, thead, tbody, tr, th, td, blockquote, p, h1, h2, h3, h4, h5, h6, div, pre, pre > code";

export class GrowingText {
  constructor() {
    this.element = document.createElement("div");
    this.element.className = "prose__tail";
    this.caret = document.createElement("span");
    this.caret.className = "caret";
  }

  /** Show `text`, the whole of it so far; the caret stands in `before` while there is none. */
  show(text, before = this.element) {
    this.caret.remove();
    adapt(this.element, draw(text));
    const end = endOf(this.element);
    (end === this.element ? before : end).append(this.caret);
  }

  /** Remove the caret: nothing more comes. */
  finish() {
    this.caret.remove();
  }
}

/** Make `nodes` the content of `place`; what has not changed stays, with its selection and place of scrolling. */
function adapt(place, nodes) {
  nodes.forEach((node, index) => {
    const former = place.childNodes[index];
    if (!former) place.append(node);
    else if (former.isEqualNode(node)) return;
    else if (former.nodeName !== node.nodeName || former.className !== node.className) former.replaceWith(node);
    else if (node.nodeType === Node.TEXT_NODE) former.data = node.data;
    else adapt(former, [...node.childNodes]);
  });
  while (place.childNodes.length > nodes.length) place.lastChild.remove();
}

/** Return the block in which the text of `node` ends. */
function endOf(node) {
  const last = node.lastElementChild;
  return last?.matches(BLOCKS) ? endOf(last) : node;
}
