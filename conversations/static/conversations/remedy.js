/** The act that helps where the assistant does not answer: the button is busy until that is done. */
import { api } from "../ui/http.js";
import { toast } from "../ui/toast.js";
import { say } from "../ui/words.js";

/** How each act is requested, for a conversation and the run that came to nothing. */
const REMEDIES = {
  release: (id) => api("POST", `/api/v1/conversations/${id}/release`, {}),
  active: (id) => api("PUT", `/api/v1/conversations/${id}/assistant`, { switch: "active" }),
  regenerate: (id, run) => api("POST", `/api/v1/runs/${run}/regenerate`, {}),
};

/** Do what `button` offers in the conversation `id`. */
export async function remedy(button, id) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  try {
    await REMEDIES[button.dataset.remedy](id, button.dataset.run);
  } catch (error) {
    toast(error.detail || say("act_failed"), { isError: true });
  } finally {
    button.ariaBusy = "false";
  }
}
