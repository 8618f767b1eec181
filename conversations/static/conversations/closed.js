/** Conversations that have ended: who writes in one reopens it first, as the button says. */
import { api } from "../ui/http.js";
import { toast } from "../ui/toast.js";
import { say } from "../ui/words.js";

/** Whether the open conversation has ended, and takes messages only once it is reopened. */
export function isClosed() {
  return Boolean(document.querySelector("[data-thread] [data-reopens]"));
}

/** Reopen `conversation`; somebody else may have done so meanwhile. */
export async function reopen(conversation) {
  try {
    await api("POST", `/api/v1/conversations/${conversation}/reopen`, {});
  } catch (refusal) {
    if (refusal.code !== "not_ended") throw refusal;
  }
}

/** Show a refusal; where the conversation has ended, with the way to reopen it and do `again`. */
export function showRefusal(refusal, conversation, again) {
  if (refusal.code !== "ended") {
    toast(refusal.isPassing || !refusal.detail ? say("act_failed") : refusal.detail, { isError: true });
    return;
  }
  const onAct = () => reopen(conversation).then(again, (error) => showRefusal(error, conversation, again));
  toast(say("open_first"), { act: say("reopen"), onAct });
}
