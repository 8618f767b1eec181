/** Blocks of Markdown that is still being written. */

const FENCE = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
const BEGUN_FENCE = /(^|\n) {0,3}(?:`+|~+)$/;
const ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;
const GOES_ON = /^(?:\s|(?:[-*+]|\d{1,9}[.)]?)(?:\s|$))/; // what may belong to the list before a blank line

/** Return `text` with the line breaks of Unix. */
export function withLineFeeds(text) {
  return text.replace(/\r\n?/g, "\n");
}

/** Return where finished blocks end: where another one begins after a blank line, or with code, line by line. */
export function finishedEnd(text) {
  return scan(text).end;
}

/** Return the fence of the code that is open at the end of `text`, or null. */
export function openFence(text) {
  return scan(text).open;
}

/** Return `{indent, mark, language}` of a line that opens or closes code, else null. */
export function fenceOf(line) {
  const found = line.match(FENCE);
  return found && { indent: found[1].length, mark: found[2], language: found[3].trim().split(/\s/)[0] };
}

/** Whether `fence` closes the code that `open` began. */
export function closes(fence, open) {
  return Boolean(fence) && !fence.language && fence.mark.startsWith(open.mark);
}

/** Return the code of `open` with which `text` begins, and what comes behind its end. */
export function splitCode(text, open) {
  const lines = text.split("\n");
  const closing = lines.findIndex((line) => closes(fenceOf(line), open));
  if (closing < 0) return [text.replace(BEGUN_FENCE, "$1"), ""];
  return [lines.slice(0, closing).map((line) => `${line}\n`).join(""), lines.slice(closing + 1).join("\n")];
}

/** Return `{open, end}` of `text`: its open fence, and where its finished blocks end. */
function scan(text) {
  const found = { open: null, end: 0 };
  let [at, isAfterBlank, isList] = [0, false, false];
  for (const line of text.split("\n")) {
    if (found.open) scanCode(found, line, at);
    else {
      if (isAfterBlank && line.trim() && !(isList && GOES_ON.test(line))) [found.end, isList] = [at, false];
      isList ||= ITEM.test(line);
      found.open = fenceOf(line);
    }
    isAfterBlank = !line.trim();
    at += line.length + 1;
  }
  return found;
}

/** Take in a line of code; code that is indented may belong to a list, with which it ends. */
function scanCode(found, line, at) {
  const isEnd = closes(fenceOf(line), found.open);
  if (!found.open.indent) found.end = isEnd ? at + line.length : at;
  if (isEnd) found.open = null;
}
