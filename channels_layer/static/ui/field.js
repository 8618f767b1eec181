/** Fields that must not stay empty, or are refused: said beside the field, until the person types. */

/** Whether `field` has a value; if not, its `[data-error]` shows. */
export function isFilled(field) {
  const isEmpty = !field.value.trim();
  show(field, "error", isEmpty);
  if (isEmpty) hold(field, "error");
  return !isEmpty;
}

/** Say in the field's `[data-refusal]` why its value is refused. */
export function refuse(field, sentence) {
  placeOf(field, "refusal").querySelector("[data-refusal-text]").textContent = sentence;
  show(field, "refusal", true);
  hold(field, "refusal");
}

function hold(field, name) {
  field.focus();
  field.addEventListener("input", () => show(field, name, false), { once: true });
}

function show(field, name, isShown) {
  field.setAttribute("aria-invalid", String(isShown));
  placeOf(field, name).hidden = !isShown;
}

function placeOf(field, name) {
  return field.closest(".field").querySelector(`[data-${name}]`);
}
