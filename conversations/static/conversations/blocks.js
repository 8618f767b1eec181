/** Blocks of Markdown that is still being written. */

/** Return where finished blocks end: at a blank line or after code; in code and tables at any line. */
export function finishedEnd(text) {
  const lastLine = text.lastIndexOf("\n") + 1;
  const fences = [...text.matchAll(/^ {0,3}```.*$/gm)];
  if (fences.length % 2) return lastLine;
  const closing = fences.at(-1);
  const end = Math.max(text.lastIndexOf("\n\n") + 2, closing ? closing.index + closing[0].length : 0);
  if (text.slice(end).trimStart().startsWith("|")) return Math.max(end, lastLine);
  return end === 1 ? 0 : end;
}
