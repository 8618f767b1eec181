/** Handoff packets: each goes below the entry of the act that led to it. */
import { fragment } from "../config/http.js";

const TRY_AGAIN_AFTER = 1_500;

/** Show the packet that was written; its entry may still be on its way. */
export async function showPacket(thread, { handoff, direction }, isAgain = false) {
  const act = thread.items.querySelector(`[data-spell="${handoff}-${direction}"]`);
  if (!act) {
    if (!isAgain) setTimeout(() => showPacket(thread, { handoff, direction }, true), TRY_AGAIN_AFTER);
    return;
  }
  const id = act.id.replace("message-", "");
  const { content } = await fragment(`${thread.frame.dataset.messages}${id}/`).catch(() => ({}));
  const packet = content?.querySelector(".packet");
  if (!packet || !act.isConnected) return;
  thread.keepEnd(() => {
    document.getElementById(packet.id)?.remove();
    act.after(packet);
  });
}
