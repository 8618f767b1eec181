/** Resending messages that did not arrive, or of which nobody knows. */
import { api } from "../ui/http.js";
import { toast } from "../ui/toast.js";
import { say } from "../ui/words.js";

/** Queue the message of `button` again; the thread shows the result. */
export async function resend(button, conversation) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  try {
    await api("POST", `/api/v1/conversations/${conversation}/messages/${button.dataset.resend}/resend/`, {});
  } catch (refusal) {
    toast(refusal.isPassing || !refusal.detail ? say("act_failed") : refusal.detail, { isError: true });
  } finally {
    button.ariaBusy = "false";
  }
}
