/** A table of Markdown that is still being written: its head is one before its rule has come. */
import { drawInline } from "./inline.js";
import { make } from "./make.js";

const RULE = /^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const BEGUN_RULE = /^[\s|:-]*$/;

/** Whether a table begins at `lines[at]`; of open lines the last is still being written. */
export function isTable(lines, at, { isOpen }) {
  const [head, rule = ""] = [lines[at], lines[at + 1]];
  if (!head.includes("|") || /^ {4}/.test(head)) return false;
  if (isOpen && at + 2 >= lines.length && BEGUN_RULE.test(rule)) return /^\s*\|/.test(head) || /--|[|:]/.test(rule);
  return RULE.test(rule) && cellsOf(rule).length === cellsOf(head).length;
}

/** Return the table of `lines`; of an open one the last is still being written. */
export function drawTable([head, rule = "", ...rows], { isOpen }) {
  const sides = cellsOf(rule).map(sideOf);
  const width = cellsOf(head).length;
  const body = rows.map((row, index) => {
    const isLast = isOpen && index === rows.length - 1;
    return drawRow("td", isLast ? cellsOf(row).slice(0, width) : padded(cellsOf(row), width), { sides, isOpen: isLast });
  });
  const table = make("table", make("thead", drawRow("th", cellsOf(head), { sides, isOpen })));
  if (body.length) table.append(make("tbody", ...body));
  const frame = make("div", table);
  frame.className = "table-scroll";
  return frame;
}

function drawRow(tag, cells, { sides, isOpen }) {
  const made = cells.map((cell, index) => {
    const node = make(tag, ...drawInline(cell, { isOpen: isOpen && index === cells.length - 1 }));
    if (sides[index]) node.className = sides[index];
    return node;
  });
  return make("tr", ...made);
}

function padded(cells, width) {
  return Array.from({ length: width }, (_, index) => cells[index] ?? "");
}

function cellsOf(line) {
  const inner = line.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function sideOf(cell) {
  if (!cell.endsWith(":")) return "";
  return cell.startsWith(":") ? "align-center" : "align-right";
}
