/** What a model thought aloud before an answer: fetched when somebody opens it. */
import { load } from "../ui/pane.js";

/** Make the reasoning of the answers below `element` open. */
export function openReasoning(element) {
  element.addEventListener("toggle", onToggle, { capture: true }); // a toggle does not bubble
}

function onToggle({ target }) {
  if (!target.matches("[data-reasoning]") || !target.open) return;
  const pane = target.querySelector("[data-reasoning-pane]");
  if (!pane.querySelector(".reasoning__text")) load(pane, target.dataset.reasoning, {});
}
