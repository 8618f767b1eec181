/** The conversation that is being read: open at its newest entry, in a window that has the focus. */

/** Return its id, or "": what comes there is read as it comes, so no list counts it as unread. */
export function readingId() {
  if (document.visibilityState !== "visible" || !document.hasFocus()) return "";
  return document.querySelector("[data-thread][data-following]")?.dataset.thread ?? "";
}
