/** Shortcuts: one key each, never while the person types. */

const bound = new Map();

/** Let `key` ("j", "Shift+J", "/") do `act`. Escape works in fields too. */
export function bind(key, act) {
  bound.set(key, [...(bound.get(key) ?? []), act]);
}

/** Whether this page has something that `key` does. */
export function isBound(key) {
  return bound.has(key);
}

/** Do what `key` does, as if it were pressed; true when something was done. */
export function press(key) {
  return (bound.get(key) ?? []).some((act) => act() !== false);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  if (isTyping(event.target) && event.key !== "Escape") return;
  const isShifted = event.shiftKey && /^[a-z]$/i.test(event.key);
  if (press(isShifted ? `Shift+${event.key.toUpperCase()}` : event.key)) event.preventDefault();
});

function isTyping(element) {
  return element.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]");
}
