/** The filter by days of one's own choice: two fields, and what they mean in the address. */

/** Show the fields for the days in `pane`, with the first in hand. */
export function askForDates(pane) {
  pane.querySelector("[data-dates]").hidden = false;
  pane.querySelector("[data-date=first]").focus();
}

/** From midnight of the first day until midnight after the last; what is empty, or no date yet, is open. */
export function dates(pane) {
  return { after: midnight(pane, "first", 0), before: midnight(pane, "last", 1) };
}

function midnight(pane, name, later) {
  const field = pane.querySelector(`[data-date="${name}"]`);
  if (!field.value || !field.validity.valid) return "";
  const [year, month, day] = field.value.split("-").map(Number);
  return new Date(year, month - 1, day + later).toISOString();
}
