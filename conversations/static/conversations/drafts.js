/** What somebody has begun to write: it outlives a reload, a switch and a lost session. */

/** Where the draft of `subject` is kept, by its parts: an id, a kind. */
export function draftKey(...parts) {
  return ["parley", document.documentElement.dataset.user, "draft", ...parts].join(":");
}

export function keepDraft(key, text) {
  if (text) localStorage.setItem(key, text);
  else localStorage.removeItem(key);
}

/** The files of a draft that the server has already, `{id, name}` each. */
export function draftFiles(key) {
  return JSON.parse(localStorage.getItem(`${key}:files`) ?? "[]");
}

export function keepDraftFiles(key, files) {
  keepDraft(`${key}:files`, files.length ? JSON.stringify(files.map(({ id, name }) => ({ id, name }))) : "");
}

/** Put a message that came back above what was written since. */
export function returnToDraft(key, { text, files = [] }) {
  keepDraft(key, [text, localStorage.getItem(key)].filter(Boolean).join("\n"));
  keepDraftFiles(key, [...draftFiles(key), ...files]);
}
