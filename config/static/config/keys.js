/** Shortcuts: one key each, never while somebody types. */

const bound = new Map();

/** Let `key` ("j", "Shift+J", "/") do `act`. Escape works in fields too. */
export function bind(key, act) {
  bound.set(key, [...(bound.get(key) ?? []), act]);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  if (isTyping(event.target) && event.key !== "Escape") return;
  const isShifted = event.shiftKey && /^[a-z]$/i.test(event.key);
  for (const act of bound.get(isShifted ? `Shift+${event.key.toUpperCase()}` : event.key) ?? []) {
    if (act(event) === false) continue;
    event.preventDefault();
    return;
  }
});

function isTyping(element) {
  return element.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]");
}
