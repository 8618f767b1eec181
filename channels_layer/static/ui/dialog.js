/** Questions that interrupt: confirmation of what cannot be undone, and texts, where Enter does what was asked for. */
import { isFilled } from "./field.js";

/** Ask; resolves to true when the person repeats the verb. The safe choice has the focus. */
export function confirm({ title, body, verb, safe }) {
  return open("confirm", { title, body, verb, safe }).closed.then((answer) => answer === "yes");
}

/** Ask for one line; resolves to the text, or null. */
export function prompt({ title, label, value, verb, safe }) {
  return open("prompt", { title, label, verb, safe }, value).closed;
}

/** Ask for several lines; resolves to the text, or null. */
export function compose({ title, label, value, verb, safe }) {
  return open("compose", { title, label, verb, safe }, value).closed;
}

/**
 * Show a ready-made dialog by the id of its template; returns it and the promise of its end.
 * Whoever fills it uses this one: one that was just closed can still stand in the page.
 */
export function show(id) {
  return open(id, {});
}

function open(id, texts, value) {
  const template = document.getElementById(`dialog-${id}`);
  const dialog = template.content.firstElementChild.cloneNode(true);
  for (const [name, text] of Object.entries(texts)) {
    const place = dialog.querySelector(`[data-dialog="${name}"]`);
    if (place) place.textContent = text ?? "";
  }
  const input = dialog.querySelector("[data-dialog-value]");
  if (input) input.value = value ?? "";
  const before = document.activeElement;
  document.body.append(dialog);
  dialog.showModal();
  (input ?? dialog.querySelector("[data-dialog-safe]"))?.focus();
  input?.select();
  dialog.addEventListener("submit", (event) => {
    if (input && !isFilled(input)) event.preventDefault();
  });
  input?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    input.form.requestSubmit(dialog.querySelector("[data-dialog=verb]"));
  });
  const closed = new Promise((resolve) => {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-dialog-close]")) dialog.close("");
    });
    dialog.addEventListener("close", () => {
      const isYes = dialog.returnValue === "yes";
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(input ? (isYes ? input.value : null) : dialog.returnValue);
    });
  });
  return { dialog, closed };
}
