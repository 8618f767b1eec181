/** /conversations/: the list, the open conversation, its details, and the keys over all three. */
import { live } from "../ui/connection.js";
import { fragment } from "../ui/http.js";
import { bind } from "../ui/keys.js";
import { fail, load } from "../ui/pane.js";
import { Refresher } from "../ui/refresher.js";
import { widen } from "../ui/resizer.js";
import { refresh } from "../ui/time.js";
import { approveFocused } from "./decision.js";
import { Floor } from "./floor.js";
import { List } from "./list.js";
import { Thread } from "./thread.js";

const REFRESH_DETAILS_AFTER = 300;
const READ_TAKES = 500;

const root = document.querySelector("[data-inbox]");
const threadPane = root.querySelector("[data-thread-pane]");
const detailsPane = root.querySelector("[data-details-pane]");
let thread = null;
let wanted = null; // the kind that R or N chose while the conversation was still loading
let isBehind = false; // the details changed while the focus was in them
const details = new Refresher(fetchDetails, { after: REFRESH_DETAILS_AFTER });

const page = {
  openedId: () => root.dataset.opened,
  open: (id) => open(id, { focus: "composer" }),
  refreshRow: (id) => list.refreshRow(id),
  focusComposer: () => thread?.composer.focus(),
  focusNextRow: () => (list.neighbour(1) ?? list.neighbour(-1))?.querySelector(".row").focus(),
  floorSwapped: () => {
    thread?.readers.draw();
    thread?.composer.floorChanged();
  },
};
const list = new List(root, page);
const floor = new Floor(root, page);

const callbacks = {
  floor: () => floor.refresh(),
  details: () => details.ask(),
  updated: () => detailsPane.querySelector("[data-follows-messages]") && details.ask(),
  gone: () => {
    leave();
    detailsPane.loading?.abort();
    detailsPane.replaceChildren();
    list.refreshRow(page.openedId());
    fail(threadPane, { code: 404 }, () => location.assign(root.dataset.url));
  },
  reload: () => reopen(),
  writing: (name) => list.writing(page.openedId(), name),
  read: (id) => setTimeout(() => list.refreshRow(id), READ_TAKES),
};

start();

root.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const row = event.target.closest("[data-row] .row, .linked__item[href*='/conversations/']");
  const shown = event.target.closest("[data-show]");
  const back = event.target.closest("[data-back]");
  if (!row && !shown && !back) return;
  event.preventDefault();
  if (row) open(idOf(row.pathname), { focus: "composer" });
  else if (shown) showPane(shown.dataset.show);
  else close();
});

addEventListener("popstate", () => {
  const id = idOf(location.pathname);
  if (id) open(id, { focus: "row", isBack: true });
  else close({ isBack: true });
});

detailsPane.addEventListener("focusout", ({ relatedTarget }) => {
  if (isBehind && !detailsPane.contains(relatedTarget)) details.ask();
});

bind("j", () => step(1));
bind("k", () => step(-1));
bind("t", () => floor.takeNext());
bind("a", () => floor.act("accept"));
bind("Shift+J", () => floor.act("join"));
bind("Shift+R", () => floor.act("release"));
bind("e", () => floor.act("end"));
bind("p", () => floor.togglePause());
bind("r", () => write("message"));
bind("n", () => write("note"));
bind("y", approveFocused);
bind("d", () => showPane(root.dataset.pane === "details" ? "thread" : "details"));
bind("[", () => widen("list", -1));
bind("]", () => widen("list", 1));
bind(".", () => list.settle());
bind("Escape", () => {
  if (thread?.stopRun()) return;
  if (root.dataset.pane === "details") showPane("thread");
  else document.activeElement?.blur();
});

function start() {
  const frame = threadPane.querySelector("[data-thread]");
  if (!frame) return;
  refresh(threadPane);
  refresh(detailsPane);
  thread = new Thread(frame, callbacks);
}

/** Open a conversation beside the list; each pane loads, and fails, by itself. */
async function open(id, { focus, isBack = false }) {
  leave();
  const query = isBack ? location.search : withoutPane();
  if (!isBack) history.pushState({}, "", `${root.dataset.url}${id}/${query}`);
  root.dataset.opened = id;
  root.dataset.pane = "thread";
  list.select(id);
  if (focus === "row") list.known(id)?.querySelector(".row").focus();
  const url = `${root.dataset.url}${id}/`;
  load(detailsPane, `${url}details/`, { skeleton: "skeleton-details", onLoad: () => refresh(detailsPane) });
  await load(threadPane, url, { skeleton: "skeleton-thread", onLoad: start });
  if (page.openedId() !== id || !thread) return;
  document.title = `${threadPane.querySelector("[data-thread]").dataset.name} · Parley`;
  if (wanted) write(wanted);
  else if (focus === "composer" && matchMedia("(pointer: fine)").matches) thread.composer.focus();
}

function reopen() {
  leave();
  return load(threadPane, `${root.dataset.url}${page.openedId()}/`, { skeleton: "skeleton-thread", onLoad: start }).then(
    () => Number(threadPane.querySelector("[data-thread]")?.dataset.seq),
  );
}

function close({ isBack = false } = {}) {
  leave();
  for (const pane of [threadPane, detailsPane]) pane.loading?.abort();
  if (!isBack) history.pushState({}, "", `${root.dataset.url}${withoutPane()}`);
  const id = page.openedId();
  root.dataset.opened = "";
  root.dataset.pane = "list";
  document.title = `${root.querySelector("h1").textContent} · Parley`;
  list.select("");
  live.viewing(null);
  list.known(id)?.querySelector(".row").focus();
  const blank = document.getElementById("thread-blank");
  threadPane.replaceChildren(blank.content.cloneNode(true));
  detailsPane.replaceChildren();
}

function leave() {
  thread?.stop();
  thread = null;
  wanted = null;
}

function step(by) {
  const row = list.neighbour(by);
  if (!row) return false;
  open(row.dataset.row, { focus: "row" });
  return true;
}

function write(kind) {
  wanted = thread ? null : kind;
  if (!thread) return Boolean(page.openedId());
  thread.composer.choose(kind);
  thread.composer.focus();
  return true;
}

function showPane(name) {
  if (!page.openedId()) return;
  root.dataset.pane = name;
  if (name === "details") detailsPane.querySelector("a, button")?.focus();
  else threadPane.querySelector(".details-button")?.focus();
}

/** Fetch the details again and keep the position in them; the floor refreshes its own part. */
async function fetchDetails() {
  isBehind = false;
  const frame = threadPane.querySelector("[data-thread]");
  if (!isOpen(frame)) return;
  const { content } = await fragment(frame.dataset.details);
  if (!isOpen(frame)) return;
  const top = detailsPane.querySelector(".pane__scroll")?.scrollTop ?? 0;
  const isMore = detailsPane.querySelector("details")?.open ?? false;
  isBehind = detailsPane.contains(document.activeElement);
  if (isBehind) return;
  refresh(content);
  const shown = detailsPane.querySelector("[data-swap=floor]");
  if (shown) content.querySelector("[data-swap=floor]").replaceWith(shown);
  detailsPane.replaceChildren(content);
  detailsPane.querySelector("details").open = isMore;
  detailsPane.querySelector(".pane__scroll").scrollTop = top;
}

/** Return whether `frame` is shown and is the open conversation; it stays until the next loads. */
function isOpen(frame) {
  return Boolean(frame?.isConnected) && frame.dataset.thread === page.openedId();
}

function withoutPane() {
  const query = new URLSearchParams(location.search);
  query.delete("pane");
  return query.size ? `?${query}` : "";
}

function idOf(path) {
  return path.match(/\/conversations\/([0-9a-f-]{36})\//)?.[1] ?? null;
}
