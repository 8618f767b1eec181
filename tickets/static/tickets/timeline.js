/** The timeline of a ticket: at most 200 entries are in the page, the newest or those before them. */
const MOST = 200;

/** Put earlier entries in the place of their button; beyond 200 the newest leave. */
export function putEarlier(button, content) {
  const part = button.closest("[data-timeline]");
  const first = content.querySelector("[data-entry]");
  button.parentElement.replaceWith(content);
  const over = entries(part).slice(MOST);
  for (const entry of over) entry.remove();
  if (over.length) offerNewest(part);
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
}

/** Whether entries that are newer than the last one in the page are left out. */
export function lacksNewest(part) {
  return !wayBack(part).hidden;
}

/**
 * Put what one fetched of earlier entries before the newest, which come again in `fresh`. Returns
 * whether `fresh` can take the place of `part`; if not, the newest stay away from who reads earlier ones.
 */
export function keepEarlier(part, fresh, { isAtEnd }) {
  if (lacksNewest(part)) return false;
  const [first] = entries(fresh);
  const same = first && part.querySelector(`[data-entry="${first.dataset.entry}"]`);
  if (!same) return true;
  const before = [...part.children].slice(0, [...part.children].indexOf(same));
  const earlier = before.filter((entry) => entry.dataset.entry).length;
  if (!earlier) return true;
  if (earlier + entries(fresh).length > MOST) {
    if (!isAtEnd) offerNewest(part);
    return isAtEnd;
  }
  fresh.querySelector("[data-earlier]")?.parentElement.remove();
  fresh.prepend(...before);
  return true;
}

/** Focus the last entry, as the button that asked for it is gone. */
export function focusNewest(part) {
  const last = entries(part).at(-1);
  if (!last) return;
  last.tabIndex = -1;
  last.focus({ preventScroll: true });
}

function entries(part) {
  return [...part.querySelectorAll("[data-entry]")];
}

function offerNewest(part) {
  wayBack(part).hidden = false;
}

function wayBack(part) {
  return part.querySelector("[data-newest]").parentElement;
}
