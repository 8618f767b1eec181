/** Fields that must not stay empty: said beside the field, in our own words. */

/** Whether `field` has a value; if not, its `[data-error]` shows until the person types. */
export function isFilled(field) {
  const isEmpty = !field.value.trim();
  show(field, isEmpty);
  if (!isEmpty) return true;
  field.focus();
  field.addEventListener("input", () => show(field, false), { once: true });
  return false;
}

function show(field, isEmpty) {
  field.setAttribute("aria-invalid", String(isEmpty));
  field.closest(".field").querySelector("[data-error]").hidden = !isEmpty;
}
