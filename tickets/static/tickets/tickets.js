/** /tickets/: the list, the open ticket, and the keys over both. */
import { bind } from "../ui/keys.js";
import { load } from "../ui/pane.js";
import { refresh } from "../ui/time.js";
import { List } from "./list.js";
import { announce, raise } from "./raise.js";
import { Ticket } from "./ticket.js";

const root = document.querySelector("[data-tickets]");
const pane = root.querySelector("[data-ticket-pane]");
let ticket = null;

const page = { openedId: () => root.dataset.opened, reopen: () => show(root.dataset.opened), refreshRow: (id) => list.refreshRow(id), entitle };
const list = new List(root, page);
if (root.dataset.pane === "thread") show(root.dataset.opened);

root.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (event.target.closest("[data-ticket-new]")) {
    raise(document.getElementById("dialog-ticket"), { onCreated: created });
    return;
  }
  const row = event.target.closest("[data-row]");
  const back = event.target.closest("[data-back]");
  if (!row && !back) return;
  event.preventDefault();
  if (row) open(row.dataset.number);
  else close();
});

addEventListener("popstate", () => {
  const number = location.pathname.match(/\/tickets\/(\d+)\//)?.[1];
  if (number) open(number, { isBack: true });
  else close({ isBack: true });
});

bind("j", () => step(1));
bind("k", () => step(-1));
bind("r", () => ticket?.write("public") ?? false);
bind("n", () => ticket?.write("internal") ?? false);
bind(".", () => list.settle());
bind("Escape", () => {
  const field = document.activeElement;
  if (field?.matches("input, textarea, select")) field.blur();
  else if (root.dataset.opened) close();
});

function start() {
  refresh(pane);
  ticket = new Ticket(pane.querySelector("[data-ticket]"), page);
}

function created(made) {
  announce(made);
  open(String(made.number));
}

/** Open a ticket beside the list. */
async function open(number, { isBack = false } = {}) {
  if (!isBack) history.pushState({}, "", `${root.dataset.url}${number}/${location.search}`);
  root.dataset.opened = number;
  root.dataset.pane = "thread";
  list.select(number);
  await show(number);
}

async function show(number) {
  leave();
  await load(pane, `${root.dataset.url}${number}/`, { skeleton: "skeleton-ticket", onLoad: start });
  entitle();
}

function entitle() {
  const frame = pane.querySelector("[data-ticket]");
  if (frame) document.title = `${frame.dataset.name} · Parley`;
}

function close({ isBack = false } = {}) {
  leave();
  pane.loading?.abort();
  if (!isBack) history.pushState({}, "", `${root.dataset.url}${location.search}`);
  const number = root.dataset.opened;
  root.dataset.opened = "";
  root.dataset.pane = "list";
  document.title = `${root.querySelector("h1").textContent} · Parley`;
  list.select("");
  pane.replaceChildren();
  list.row(number)?.querySelector("a").focus();
}

function leave() {
  ticket?.stop();
  ticket = null;
}

function step(by) {
  const row = list.neighbour(by);
  if (!row) return false;
  open(row.dataset.number);
  row.querySelector("a").focus();
  return true;
}
