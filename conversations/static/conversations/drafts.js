/** Drafts: they outlive a reload, a switch of the conversation and a lost session. */

/** Return the storage key of the draft of `subject`, by its parts: an id, a kind. */
export function draftKey(...parts) {
  return ["parley", document.documentElement.dataset.user, "draft", ...parts].join(":");
}

export function keepDraft(key, text) {
  if (text) localStorage.setItem(key, text);
  else localStorage.removeItem(key);
}

/** Return the uploaded files of a draft, `{id, name}` each. */
export function draftFiles(key) {
  return JSON.parse(localStorage.getItem(`${key}:files`) ?? "[]");
}

export function keepDraftFiles(key, files) {
  keepDraft(`${key}:files`, files.length ? JSON.stringify(files.map(({ id, name }) => ({ id, name }))) : "");
}

/** Put a returned message above what was written since. */
export function returnToDraft(key, { text, files = [] }) {
  keepDraft(key, [text, localStorage.getItem(key)].filter(Boolean).join("\n"));
  keepDraftFiles(key, [...draftFiles(key), ...files]);
}
