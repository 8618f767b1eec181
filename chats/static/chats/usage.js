/** Budgets, edited in place: a row that was changed offers Save and Undo; the server has the last word. */
import { confirm } from "../ui/dialog.js";
import { api } from "../ui/http.js";
import { say } from "../ui/words.js";

const place = document.querySelector("[data-limits]");
const BUDGETS = "/api/v1/budgets/";

place.addEventListener("input", (event) => edited(event.target.closest("[data-limit]")));
place.addEventListener("reset", (event) => setTimeout(() => edited(event.target)));
place.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove]");
  if (button) remove(button.closest("[data-limit]"));
});
place.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if ("newLimit" in form.dataset) command(form, "POST", BUDGETS, added(form));
  else if (form.dataset.limit) command(form, "PATCH", `${BUDGETS}${form.dataset.limit}/`, changed(form));
  else command(form, "POST", BUDGETS, { scope: form.dataset.scope, ...figures(form) });
});

function edited(form) {
  if (!form) return;
  const isEdited = [...form.elements].some(
    (field) => field.name && (field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue),
  );
  form.classList.toggle("limit--edited", isEdited);
  for (const button of form.querySelectorAll("[data-save], [data-undo]")) button.hidden = !isEdited;
  form.querySelector("[data-error]").textContent = "";
}

function figures(form) {
  return { limit: form.elements.limit.value, warn_at: Number(form.elements.warn_at.value) };
}

function changed(form) {
  return { ...figures(form), is_active: form.elements.is_active.checked };
}

function added(form) {
  const { assistant, scope, limit } = form.elements;
  return { assistant: assistant.value, scope: scope.value, limit: limit.value };
}

async function remove(form) {
  const isSure = await confirm({
    title: say("limit_remove"),
    body: say("limit_remove_text"),
    verb: say("limit_remove_verb"),
    safe: say("limit_keep"),
  });
  if (isSure) await command(form, "DELETE", `${BUDGETS}${form.dataset.limit}/`);
}

/** Do it and show the page as it is then; a refusal stands in the row, which keeps what was typed. */
async function command(form, method, path, body) {
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  try {
    await api(method, path, body);
    location.reload();
  } catch (refusal) {
    form.querySelector("[data-error]").textContent = refusal.reason;
    for (const button of buttons) button.disabled = false;
  }
}
