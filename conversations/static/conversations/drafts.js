/** What somebody has begun to write: it outlives a reload, a switch and a lost session. */

/** Where the draft of `subject` is kept, by its parts: an id, a kind. */
export function draftKey(...parts) {
  return ["parley", document.documentElement.dataset.user, "draft", ...parts].join(":");
}

export function keepDraft(key, text) {
  if (text) localStorage.setItem(key, text);
  else localStorage.removeItem(key);
}
