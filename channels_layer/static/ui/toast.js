/** One short message, in the place that the page has for it: what happened out of sight. */
import { say } from "./words.js";

const LIFE = 5_000;
const LIFE_WITH_ACT = 10_000;
let waiting = null;
let timer;

/**
 * Show `text` with up to two things to do; errors stay until one of them is done or they are
 * dismissed, the rest goes by itself. The result of one's own act is shown at once; news leave an
 * Undo or an error in their place and come after it, the newest alone.
 */
export function toast(text, options = {}) {
  const place = document.querySelector("[data-toasts]");
  if (!place) return;
  const current = place.firstElementChild;
  if (options.isNews && current && !("isNews" in current.dataset)) waiting = [text, options];
  else show(place, text, options);
}

function show(place, text, { act, onAct, other, onOther, isError = false, isNews = false }) {
  const box = document.createElement("div");
  if (isNews) box.dataset.isNews = "";
  box.className = isError ? "toast toast--error" : "toast";
  box.setAttribute("role", isError ? "alert" : "status");
  box.append(text);
  if (act) box.append(button(act, onAct, place));
  if (other) box.append(button(other, onOther, place));
  else if (isError) box.append(button(say("dismiss"), null, place));
  place.replaceChildren(box);
  clearTimeout(timer);
  if (!isError) expire(box, place, act ? LIFE_WITH_ACT : LIFE);
}

/** The toast stays while the pointer or the focus is in it. */
function expire(box, place, life) {
  const start = () => box.isConnected && (timer = setTimeout(() => next(place), life));
  for (const held of ["pointerenter", "focusin"]) box.addEventListener(held, () => clearTimeout(timer));
  for (const left of ["pointerleave", "focusout"]) box.addEventListener(left, start);
  start();
}

function next(place) {
  clearTimeout(timer);
  place.replaceChildren();
  if (!waiting) return;
  const [text, options] = waiting;
  waiting = null;
  show(place, text, options);
}

function button(label, onAct, place) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "toast__action";
  element.textContent = label;
  element.addEventListener("click", () => {
    next(place);
    onAct?.();
  });
  return element;
}
