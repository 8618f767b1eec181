/** Focus in entries that are drawn anew: it is kept, and nothing is announced twice. */

const MARKS = ["data-decide", "data-deny-open", "data-resend", "data-retry-file", "data-template"];

/** Run `change`, which draws `place` anew; restore the focus to the same button, or to `refuge`. */
export function keepFocus(place, refuge, change) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const same = focused && selectorOf(focused);
  change();
  if (!focused || focused.isConnected) return;
  (refuge.querySelector(same) ?? refuge).focus({ preventScroll: true });
}

/** Replace an entry; a finished answer is announced, a later change is not. */
export function exchange(known, entry, refuge) {
  if (!("liveRun" in known.dataset)) mute(entry);
  keepFocus(known, refuge, () => known.replaceWith(entry));
}

/** Keep screen readers from announcing an entry that was announced before, or is older. */
export function mute(entry) {
  entry.setAttribute("aria-live", "off");
}

function selectorOf(button) {
  const mark = MARKS.find((name) => button.hasAttribute(name));
  if (!mark) return ":not(*)";
  const owner = button.closest("[data-tool]") ?? button.closest("[id]");
  const within = owner.dataset.tool ? `[data-tool="${owner.dataset.tool}"]` : `[id="${owner.id}"]`;
  return `${within} [${mark}="${button.getAttribute(mark)}"]:not(:disabled)`;
}
