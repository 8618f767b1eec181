/** Blocks of Markdown that is still being written. */

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const BY_LINE = /^ {0,3}(?:\||> |#{1,6} |[-*+] |\d{1,9}[.)] )/m;

/** Return where finished blocks end: at a blank line or after code; in code, tables and lists at any line. */
export function finishedEnd(text) {
  const lastLine = text.lastIndexOf("\n") + 1;
  const { open, end: code } = fences(text);
  if (open) return lastLine;
  const end = Math.max(text.lastIndexOf("\n\n") + 2, code);
  if (BY_LINE.test(text.slice(end))) return Math.max(end, lastLine);
  return end === 1 ? 0 : end;
}

/** Return the fence that is open at the end of `text`, or null, and where the last closed one ends. */
export function fences(text) {
  let [open, end, at] = [null, 0, 0];
  for (const line of text.split("\n")) {
    at += line.length;
    const fence = fenceOf(line);
    if (open && closes(fence, open)) [open, end] = [null, at];
    else open ??= fence;
    at += 1;
  }
  return { open, end };
}

/** Return `{mark, language}` of a line that opens or closes code, else null. */
export function fenceOf(line) {
  const found = line.match(FENCE);
  return found && { mark: found[1], language: found[2].trim().split(/\s/)[0] };
}

/** Whether `fence` closes the code that `open` began. */
export function closes(fence, open) {
  return Boolean(fence) && !fence.language && fence.mark.startsWith(open.mark);
}
