/** Resending messages that did not arrive, or of which nobody knows. */
import { api } from "../ui/http.js";
import { showRefusal } from "./closed.js";

/** Queue the message of `button` again; the thread shows the result. */
export async function resend(button, conversation) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  try {
    await api("POST", `/api/v1/conversations/${conversation}/messages/${button.dataset.resend}/resend/`, {});
  } catch (refusal) {
    showRefusal(refusal, conversation, () => resend(button, conversation));
  } finally {
    button.ariaBusy = "false";
  }
}
