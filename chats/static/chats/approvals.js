/** /approvals/: the list of calls that concern people, and the one that is open. */
import { decide, isTouched, prepare, approveFocused } from "../conversations/decision.js";
import { openReasoning } from "../conversations/reasoning.js";
import { live } from "../ui/connection.js";
import { bind } from "../ui/keys.js";
import { load } from "../ui/pane.js";
import { Refresher } from "../ui/refresher.js";
import { fragment } from "../ui/http.js";
import { refresh } from "../ui/time.js";
import { CallList } from "./calls.js";

const root = document.querySelector("[data-approvals]");
const pane = root.querySelector("[data-call-pane]");
const opened = () => root.dataset.opened;
const list = new CallList(root, { openedId: opened });
const renewal = new Refresher(renew);

start();

live.follow("approvals", {
  on: { "approval.summary": (data) => data.id === opened() && changed(data) },
  onFollowing: (_, isAgain) => isAgain && opened() && renewal.ask(),
});

root.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const decision = event.target.closest("[data-decide]");
  if (decision) decide(decision).then((counts) => counts && renewal.ask());
  const row = event.target.closest(".row__open");
  const back = event.target.closest("[data-back]");
  if (!row && !back) return;
  event.preventDefault();
  if (row) open(row.closest("[data-row]").dataset.row);
  else close();
});

addEventListener("popstate", () => {
  const id = location.pathname.match(/\/approvals\/([0-9a-f-]{36})\//)?.[1];
  if (id) open(id, { isBack: true });
  else close({ isBack: true });
});

bind("j", () => step(1));
bind("k", () => step(-1));
bind("y", () => approveFocused(pane));
bind(".", () => list.settle());
bind("Escape", () => {
  const field = document.activeElement;
  if (field?.matches("input, textarea, select")) field.blur();
  else if (opened()) close();
});

function start() {
  refresh(pane);
  prepare(pane);
  openReasoning(pane);
}

async function open(id, { isBack = false } = {}) {
  if (!isBack) history.pushState({}, "", `${root.dataset.url}${id}/${location.search}`);
  root.dataset.opened = id;
  root.dataset.pane = "thread";
  list.select(id);
  await load(pane, `${root.dataset.url}${id}/`, { skeleton: "skeleton-call", onLoad: start });
  const call = pane.querySelector("[data-call]");
  if (call) document.title = `${call.dataset.name} · Parley`;
}

function close({ isBack = false } = {}) {
  pane.loading?.abort();
  if (!isBack) history.pushState({}, "", `${root.dataset.url}${location.search}`);
  const id = opened();
  root.dataset.opened = "";
  root.dataset.pane = "list";
  document.title = `${root.querySelector("h1").textContent} · Parley`;
  list.select("");
  pane.replaceChildren(document.getElementById("none-open").content.cloneNode(true));
  list.known(id)?.querySelector("a").focus();
}

/** Fetch the open call anew, unless it stands as it is shown. */
function changed({ status }) {
  const shown = pane.querySelector("[data-call]");
  if (shown && shown.dataset.callStatus !== status) renewal.ask();
}

async function renew() {
  const id = opened();
  const { content } = await fragment(`${root.dataset.url}${id}/`);
  const [shown, fresh] = [pane, content].map((place) => place.querySelector("[data-call]"));
  if (id !== opened() || !shown || !fresh) return;
  const isSame = shown.dataset.callStatus === fresh.dataset.callStatus;
  const card = shown.querySelector("[data-tool]");
  if (isSame && card && isTouched(card)) return;
  const top = shown.querySelector("[data-call-scroll]").scrollTop;
  const hadFocus = shown.contains(document.activeElement);
  shown.replaceWith(fresh);
  const scroll = fresh.querySelector("[data-call-scroll]");
  scroll.scrollTop = top;
  if (hadFocus) (fresh.querySelector("[data-tool] > summary") ?? scroll).focus({ preventScroll: true });
  start();
}

function step(by) {
  const row = list.neighbour(by);
  if (!row) return false;
  open(row.dataset.row);
  row.querySelector("a").focus();
  return true;
}
