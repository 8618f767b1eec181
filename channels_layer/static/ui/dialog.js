/** Questions that interrupt: confirmation of what cannot be undone, and texts, where Enter does what was asked for. */
import { isFilled, refuse } from "./field.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

/** Ask; resolves to true when the person repeats the verb. The safe choice has the focus. */
export function confirm({ title, body, verb, safe }) {
  return open("confirm", { title, body, verb, safe }).closed.then((answer) => answer === "yes");
}

/**
 * Ask for one line and do `act` with it, trimmed. While `act` is refused the dialog stays, with the reason at the
 * field: that of `explain(refusal, text)`, else the server's own. A mistake of ours closes it: the act may be done.
 */
export function prompt({ title, label, value, verb, safe, ...answer }) {
  take(open("prompt", { title, label, verb, safe }, value), answer);
}

/** Ask for several lines, as `prompt` does for one. */
export function compose({ title, label, value, verb, safe, ...answer }) {
  take(open("compose", { title, label, verb, safe }, value), answer);
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
  const closed = new Promise((resolve) => {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-dialog-close]")) dialog.close("");
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(dialog.returnValue);
    });
  });
  return { dialog, closed };
}

/** Do `act` with the text of an open dialog; close it when that is done. */
function take({ dialog }, { act, explain }) {
  const input = dialog.querySelector("[data-dialog-value]");
  const verb = dialog.querySelector("[data-dialog=verb]");
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    input.form.requestSubmit(verb);
  });
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!isFilled(input) || verb.getAttribute("aria-busy") === "true") return;
    const text = input.value.trim();
    verb.setAttribute("aria-busy", "true");
    try {
      await act(text);
      dialog.close("");
    } catch (refusal) {
      if (refusal.isPassing === undefined) {
        dialog.close("");
        throw refusal;
      }
      const sentence = explain?.(refusal, text) || (!refusal.isPassing && refusal.reason) || say("act_failed");
      if (dialog.open) refuse(input, sentence);
      else toast(sentence, { isError: true });
    } finally {
      verb.removeAttribute("aria-busy");
    }
  });
}
