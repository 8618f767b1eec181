/** The filter by chosen days: two fields, and their parameters in the address. */

/** Show the fields for the days in `pane` and focus the first. */
export function askForDates(pane) {
  pane.querySelector("[data-dates]").hidden = false;
  pane.querySelector("[data-date=first]").focus();
}

/** Return midnight of the first day and after the last; an empty or invalid date is open. */
export function dates(pane) {
  return { after: midnight(pane, "first", 0), before: midnight(pane, "last", 1) };
}

function midnight(pane, name, later) {
  const field = pane.querySelector(`[data-date="${name}"]`);
  if (!field.value || !field.validity.valid) return "";
  const [year, month, day] = field.value.split("-").map(Number);
  return new Date(year, month - 1, day + later).toISOString();
}
