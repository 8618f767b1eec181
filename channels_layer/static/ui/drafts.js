/** Drafts: they outlive a reload, a switch of what is open and a lost session. */

/** The storage in which the composers of staff pages keep their drafts. */
export const drafts = {
  get: (key) => localStorage.getItem(key),
  set: (key, text) => localStorage.setItem(key, text),
  remove: (key) => localStorage.removeItem(key),
};

/** Return the storage key of the draft of `subject`, by its parts: an id, a kind. */
export function draftKey(...parts) {
  return ["parley", document.documentElement.dataset.user, "draft", ...parts].join(":");
}

export function keepDraft(key, text) {
  if (text) drafts.set(key, text);
  else drafts.remove(key);
}

/** Return the uploaded files of a draft, `{id, name, size}` each. */
export function draftFiles(key) {
  return JSON.parse(drafts.get(`${key}:files`) ?? "[]");
}

export function keepDraftFiles(key, files) {
  keepDraft(`${key}:files`, files.length ? JSON.stringify(files.map(({ id, name, size }) => ({ id, name, size }))) : "");
}

/** Put a returned message above what was written since. */
export function returnToDraft(key, { text, files = [] }) {
  keepDraft(key, [text, drafts.get(key)].filter(Boolean).join("\n"));
  keepDraftFiles(key, [...draftFiles(key), ...files]);
}
