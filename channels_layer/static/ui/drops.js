/** Files dropped on a page: the composer that is open takes them anywhere; `early.js` refuses those before. */
import { toast } from "./toast.js";
import { say } from "./words.js";

const takers = new WeakMap();
let marked = null;

/** Let `take` have the files that are dropped while one can write in the composer `form`. */
export function takeDrops(form, take) {
  takers.set(form, take);
}

document.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  if (isInDialog()) event.dataTransfer.dropEffect = "none";
  mark(taker());
});
document.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || mark(null));
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  const form = taker();
  mark(null);
  if (form) takers.get(form)(event.dataTransfer.files);
  else if (!isInDialog()) toast(say("nowhere_to_drop"));
});

/** Return the composer that takes files and can be written in now. */
function taker() {
  if (isInDialog()) return null;
  const isOpen = (form) => takers.has(form) && form.querySelector("[data-text]").offsetParent;
  return [...document.querySelectorAll("form[data-drop]")].find(isOpen) ?? null;
}

function isInDialog() {
  return document.querySelector("dialog[open]") !== null;
}

/** Light up the whole pane of `form`, with the words of the form. */
function mark(form) {
  const pane = form?.closest(".pane") ?? null;
  if (marked === pane) return;
  marked?.classList.remove("drop-target");
  pane?.classList.add("drop-target");
  if (pane) pane.dataset.drop = form.dataset.drop;
  marked = pane;
}
