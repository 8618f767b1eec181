/** One short message at the bottom: what happened out of sight. */
import { say } from "./words.js";

const LIFE = 5_000;
const LIFE_WITH_ACT = 9_000;
let timer;

/** Show `text`; errors stay until dismissed, the rest goes by itself. */
export function toast(text, { act, onAct, isError = false } = {}) {
  const place = document.querySelector("[data-toasts]");
  if (!place) return;
  const box = document.createElement("div");
  box.className = isError ? "toast toast--error" : "toast";
  box.setAttribute("role", isError ? "alert" : "status");
  box.append(text);
  if (act || isError) box.append(button(act ?? say("dismiss"), act ? onAct : null, place));
  place.replaceChildren(box);
  clearTimeout(timer);
  if (isError) return;
  const start = () => (timer = setTimeout(() => place.replaceChildren(), act ? LIFE_WITH_ACT : LIFE));
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", start);
  start();
}

function button(label, onAct, place) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "toast__action";
  element.textContent = label;
  element.addEventListener("click", () => {
    place.replaceChildren();
    onAct?.();
  });
  return element;
}
