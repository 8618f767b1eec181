/** Entries that are drawn anew while somebody is in them: the place in them is kept, and nothing is read out twice. */

const MARKS = ["data-decide", "data-resend", "data-retry-file", "data-template"];

/** Let `change` draw `place` anew; who was at one of its buttons is at the same one then, or at `refuge`. */
export function keepFocus(place, refuge, change) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const same = focused && selectorOf(focused);
  change();
  if (!focused || focused.isConnected) return;
  (refuge.querySelector(same) ?? refuge).focus({ preventScroll: true });
}

/** What was told once, or is older, is not told to those who listen. */
export function silence(entry) {
  entry.setAttribute("aria-live", "off");
}

function selectorOf(button) {
  const mark = MARKS.find((name) => button.hasAttribute(name));
  if (!mark) return ":not(*)";
  const owner = button.closest("[data-tool]") ?? button.closest("[id]");
  const within = owner.dataset.tool ? `[data-tool="${owner.dataset.tool}"]` : `[id="${owner.id}"]`;
  return `${within} [${mark}="${button.getAttribute(mark)}"]:not(:disabled)`;
}
