/** Fetching or reading a file once more: the button is busy until the result comes as an event. */
import { api } from "../ui/http.js";
import { toast } from "../ui/toast.js";
import { say } from "../ui/words.js";

/** Retry the file of `button`. */
export async function retryFile(button) {
  button.setAttribute("aria-busy", "true");
  try {
    await api("POST", `/api/v1/attachments/${button.dataset.retryFile}/retry/`, {});
  } catch (error) {
    toast(error.detail || say("act_failed"), { isError: error.isPassing });
  } finally {
    button.removeAttribute("aria-busy");
  }
}
