/** Filling a pane: nothing for 200 ms, then a skeleton; a failure stays in the pane. */
import { live } from "./connection.js";
import { fragment } from "./http.js";
import { say } from "./words.js";

const SHOW_SKELETON_AFTER = 200;

/**
 * Fetch `url` into `pane`; `skeleton` names a template. Whoever types in the pane's search goes on
 * typing, without a skeleton. Resolves to the answer, or to null when it failed (the pane says so,
 * with Try again) or was overtaken by a newer load.
 */
export async function load(pane, url, { skeleton, onLoad }) {
  pane.loading?.abort();
  const controller = (pane.loading = new AbortController());
  const timer = setTimeout(() => searching(pane) || fill(pane, skeleton), SHOW_SKELETON_AFTER);
  pane.setAttribute("aria-busy", "true");
  try {
    const answer = await fragment(url, { signal: controller.signal });
    if (controller.signal.aborted) return null;
    const typing = searching(pane);
    pane.replaceChildren(answer.content);
    onLoad?.(answer);
    if (typing) goOn(pane, typing);
    return answer;
  } catch (error) {
    if (!controller.signal.aborted) fail(pane, error, () => load(pane, url, { skeleton, onLoad }));
    return null;
  } finally {
    clearTimeout(timer);
    if (pane.loading === controller) pane.removeAttribute("aria-busy");
  }
}

/** Say in the pane that it failed, with a way to try again. */
export function fail(pane, error, again) {
  fill(pane, "blank-error");
  const reason = { timeout: "error_slow", unreachable: "error_unreachable", 404: "error_gone", 401: "error_session" };
  pane.querySelector("[data-blank=title]").textContent = say(pane.dataset.failure ?? "error_title");
  pane.querySelector("[data-blank=text]").textContent = say(reason[error.code] ?? "error_server");
  pane.querySelector("[data-blank=again]").addEventListener("click", again);
  if (error.code === "unreachable") whenBack(pane, again);
}

/** What failed for want of a connection is tried again on its return, unless the pane moved on. */
function whenBack(pane, again) {
  const notice = pane.firstElementChild;
  const onState = ({ detail }) => {
    if (detail.state !== "live") return;
    live.removeEventListener("state", onState);
    if (notice.isConnected && pane.ariaBusy !== "true") again();
  };
  live.addEventListener("state", onState);
}

/** Return the pane's search field while somebody types in it. */
function searching(pane) {
  const field = document.activeElement;
  return field?.matches("[data-search]") && pane.contains(field) ? field : null;
}

/** Go on in the search that came where the one `before` was left. */
function goOn(pane, before) {
  const field = pane.querySelector("[data-search]");
  if (!field) return;
  const place = before.selectionStart;
  field.value = before.value;
  field.focus();
  field.setSelectionRange(place, place);
}

function fill(pane, id) {
  const template = document.getElementById(id);
  if (template) pane.replaceChildren(template.content.cloneNode(true));
}
