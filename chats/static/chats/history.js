/** All of one's chats in a dialog, from every page: search, open, delete. */
import { confirm, show } from "../ui/dialog.js";
import { api, fragment } from "../ui/http.js";
import { fail } from "../ui/pane.js";
import { say } from "../ui/words.js";
import { toast } from "../ui/toast.js";

const SEARCH_AFTER = 250;
let fetches = 0;

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-history-open]") || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  open();
});

function open() {
  const { dialog } = show("history");
  const field = dialog.querySelector("[data-history-search]");
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => fill(dialog), SEARCH_AFTER);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    clearTimeout(timer);
    openFirst(dialog, field);
  });
  dialog.addEventListener("click", ({ target }) => {
    const more = target.closest("[data-history-more]");
    const button = target.closest("[data-history-delete]");
    if (more) fill(dialog, more.dataset.historyMore, more.parentElement);
    if (button) remove(dialog, button);
  });
  fill(dialog);
}

/** Open the first chat that was searched for; fetch those of other words first. */
function openFirst(dialog, field) {
  const words = field.value.trim();
  if (words !== dialog.dataset.shown) fill(dialog);
  else if (words) dialog.querySelector(".history__link")?.click();
}

/** Fetch the first page of the search, or the page after `cursor` into `place`; show a failure there. */
async function fill(dialog, cursor = "", place = null) {
  const number = ++fetches;
  const rows = dialog.querySelector("[data-history-rows]");
  const query = new URLSearchParams({ search: dialog.querySelector("[data-history-search]").value.trim() });
  if (cursor) query.set("cursor", cursor);
  try {
    const { content } = await fragment(`${dialog.dataset.history}?${query}`);
    if (number !== fetches) return;
    if (place) place.replaceWith(content);
    else rows.replaceChildren(content);
    dialog.dataset.shown = query.get("search");
  } catch (error) {
    if (number !== fetches) return;
    const entry = place ?? document.createElement("li");
    entry.dataset.failure = "error_list";
    if (!place) rows.replaceChildren(entry);
    fail(entry, error, () => fill(dialog, cursor, place));
  }
}

async function remove(dialog, button) {
  const { historyDelete: id, title } = button.dataset;
  const isSure = await confirm({
    title: say("delete_title", { title }),
    body: say("delete_body"),
    verb: say("delete_verb"),
    safe: say("delete_safe"),
  });
  if (!isSure) return;
  try {
    await api("DELETE", `/api/v1/chats/${id}/`);
    dialog.querySelector(`[data-history-row="${id}"]`)?.remove();
    dialog.querySelector("[data-history-search]").focus();
    document.dispatchEvent(new CustomEvent("parley:chat-deleted", { detail: id }));
  } catch (error) {
    toast(error.detail || say("not_saved"), { isError: true });
  }
}
