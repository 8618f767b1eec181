/** Approving or denying a tool call: the button is busy until the result is shown. */
import { api } from "../ui/http.js";
import { toast } from "../ui/toast.js";
import { say } from "../ui/words.js";

/** Send the decision of `button` on the call of its card. */
export async function decide(button) {
  const card = button.closest("[data-tool]");
  const buttons = [...card.querySelectorAll("[data-decide]")];
  button.setAttribute("aria-busy", "true");
  for (const other of buttons) other.disabled = other !== button;
  try {
    await api("POST", `/api/v1/tool-calls/${card.dataset.tool}/${button.dataset.decide}`, {});
  } catch (error) {
    for (const other of buttons) other.disabled = false;
    toast(error.detail || say("act_failed"), { isError: error.isPassing });
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** Approve the call whose card has the focus; return false where none has. */
export function approveFocused() {
  const card = document.activeElement?.closest("[data-tool]");
  const button = card?.querySelector("[data-decide=approve]:not(:disabled)");
  button?.click();
  return Boolean(button);
}
