/** Files dropped on a page: a pane with a composer takes them anywhere; elsewhere they never replace the page. */

const takers = new WeakMap();
let marked = null;

/** Let `take` have the files that are dropped on the pane of the composer `form`. */
export function takeDrops(form, take) {
  takers.set(form, take);
}

document.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  const form = takerOf(event.target);
  if (!form) event.dataTransfer.dropEffect = "none";
  mark(form);
});
document.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || mark(null));
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  const form = takerOf(event.target);
  mark(null);
  if (form) takers.get(form)(event.dataTransfer.files);
});

/** Return the composer of the pane around `place`, if it takes files and can be written in now. */
function takerOf(place) {
  const form = place.closest?.(".pane")?.querySelector("form[data-drop]");
  const isOpen = takers.has(form) && form.querySelector("[data-text]").offsetParent;
  return isOpen && !document.querySelector("dialog[open]") ? form : null;
}

function mark(form) {
  if (marked === form) return;
  marked?.classList.remove("composer--drop");
  form?.classList.add("composer--drop");
  marked = form;
}
