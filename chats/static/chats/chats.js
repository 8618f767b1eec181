/** /chats/: the list of one's chats, and the open chat or a new one. */
import { live } from "../ui/connection.js";
import { confirm, compose, prompt } from "../ui/dialog.js";
import { api, fragment } from "../ui/http.js";
import { bind } from "../ui/keys.js";
import { load } from "../ui/pane.js";
import { Refresher } from "../ui/refresher.js";
import { toast } from "../ui/toast.js";
import { say } from "../ui/words.js";
import { showRefusal } from "../conversations/closed.js";
import { approveFocused } from "../conversations/decision.js";
import { Thread } from "../conversations/thread.js";
import { ChatList } from "./list.js";
import { NewChat } from "./new.js";

const root = document.querySelector("[data-chats]");
const pane = root.querySelector("[data-chat-pane]");
const opened = () => root.dataset.opened;
let thread = null;
let isWanted = false; // R was pressed while the chat was still loading
let isBehind = false; // the head changed while its menu was open

/** What a click on these does. */
const ACTS = {
  "[data-delete]": (button) => remove(button.dataset.delete, button.dataset.title || say("new_chat")),
  "[data-session] .session": (link) => open(idOf(link.pathname)),
  "[data-new]": () => openNew(),
  "[data-back]": () => back(),
  "[data-rename]": () => rename(),
  "[data-choose]": (item) => choose(item.dataset.choose),
  "[data-regenerate]": (button) => regenerate(button),
  "[data-reword]": (button) => reword(button.dataset),
  "[data-copy-answer]": (button) => copyAnswer(button),
};

const list = new ChatList(root);
const head = new Refresher(fetchHead);

const callbacks = {
  floor: () => head.ask(),
  details: () => {},
  updated: () => {},
  gone: () => {
    toast(say("chat_gone", { title: thread.frame.dataset.name || say("new_chat") }));
    list.drop(opened());
    openNew();
  },
  reload: () => reopen(),
  writing: showWriting,
  read: () => {
    list.refresh();
    document.dispatchEvent(new Event("parley:chat-read"));
  },
};

start();

root.addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  for (const [selector, act] of Object.entries(ACTS)) {
    const found = event.target.closest(selector);
    if (!found) continue;
    event.preventDefault();
    act(found);
    return;
  }
});

root.addEventListener("parley:menu-closed", () => isBehind && head.ask());

document.addEventListener("parley:chat-deleted", ({ detail: id }) => {
  if (!id) return;
  list.drop(id);
  if (id === opened()) openNew();
});

addEventListener("popstate", () => {
  const id = idOf(location.pathname);
  if (id) open(id, { isBack: true });
  else openNew({ isBack: true });
});

bind("j", () => step(1));
bind("k", () => step(-1));
bind("r", () => {
  isWanted = !thread;
  thread?.composer.focus();
  return Boolean(thread || opened());
});
bind("y", approveFocused);
bind("Escape", () => {
  if (!thread?.stopRun()) document.activeElement?.blur();
});

function start() {
  const frame = pane.querySelector("[data-thread]");
  const form = pane.querySelector("[data-new-form]");
  if (frame) thread = new Thread(frame, callbacks);
  if (form) new NewChat(form, (chat) => open(chat.id));
}

async function open(id, { isBack = false, isWalking = false } = {}) {
  leave();
  if (!isBack) history.pushState({}, "", `${root.dataset.url}${id}/${location.search.replace(/[?&]new=?/, "")}`);
  root.dataset.opened = id;
  root.dataset.pane = "thread";
  list.select(id);
  if (isWalking) list.link(id).focus();
  await load(pane, `${root.dataset.url}${id}/`, { skeleton: "skeleton-thread", onLoad: start });
  if (opened() !== id || !thread) return;
  document.title = `${thread.frame.dataset.name || say("new_chat")} · Parley`;
  list.refresh();
  if (isWanted || (!isWalking && matchMedia("(pointer: fine)").matches)) thread.composer.focus();
}

async function openNew({ isBack = false } = {}) {
  leave();
  if (!isBack) history.pushState({}, "", `${root.dataset.url}?new`);
  root.dataset.opened = "";
  document.title = `${root.querySelector("h1").textContent} · Parley`;
  root.dataset.pane = isBack && !location.search.includes("new") ? "list" : "thread";
  list.select("");
  live.viewing(null);
  await load(pane, root.dataset.url, { skeleton: "skeleton-thread", onLoad: start });
  pane.querySelector("[data-text]")?.focus();
}

function back() {
  const id = opened();
  leave();
  pane.loading?.abort();
  history.pushState({}, "", root.dataset.url);
  document.title = `${root.querySelector("h1").textContent} · Parley`;
  root.dataset.opened = "";
  root.dataset.pane = "list";
  live.viewing(null);
  list.select("");
  list.link(id)?.focus();
}

function reopen() {
  leave();
  return load(pane, `${root.dataset.url}${opened()}/`, { skeleton: "skeleton-thread", onLoad: start }).then(() =>
    Number(pane.querySelector("[data-thread]")?.dataset.seq),
  );
}

function leave() {
  thread?.stop();
  thread = null;
  isWanted = false;
}

function step(by) {
  const link = list.neighbour(opened(), by);
  if (!link) return false;
  open(idOf(link.pathname), { isWalking: true });
  return true;
}

async function remove(id, title) {
  const isSure = await confirm({
    title: say("delete_title", { title }),
    body: say("delete_body"),
    verb: say("delete_verb"),
    safe: say("delete_safe"),
  });
  if (!isSure) return;
  const isDone = await attempt(() => api("DELETE", `/api/v1/chats/${id}/`));
  if (!isDone) return;
  list.drop(id);
  document.dispatchEvent(new Event("parley:chat-deleted"));
  toast(say("deleted", { title }));
  if (id === opened()) openNew();
}

function rename() {
  const id = opened();
  prompt({
    title: say("rename_title"),
    label: say("rename_label"),
    value: pane.querySelector(".chat-title")?.textContent,
    verb: say("rename_verb"),
    safe: say("rename_safe"),
    act: async (title) => {
      await api("PATCH", `/api/v1/chats/${id}/`, { title });
      head.ask();
    },
  });
}

async function choose(assistant) {
  const id = opened();
  await attempt(() => api("PATCH", `/api/v1/chats/${id}/`, { assistant }));
  await reopen();
  if (opened() === id) thread?.composer.focus();
}

async function regenerate(button) {
  button.disabled = true;
  await attempt(() => api("POST", `/api/v1/runs/${button.dataset.regenerate}/regenerate`, {}));
  button.disabled = false;
}

/** Ask one's newest question in other words. */
function reword({ reword: message, said }) {
  const id = opened();
  compose({
    title: say("reword_title"),
    label: say("reword_label"),
    value: said,
    verb: say("reword_verb"),
    safe: say("reword_safe"),
    act: (text) => unlessEnded(id, () => api("PATCH", `/api/v1/chats/${id}/messages/${message}/`, { text })),
  });
}

/** Do `work` for a dialog; it gives way to the offer to reopen where the chat `id` has ended. */
async function unlessEnded(id, work) {
  try {
    await work();
  } catch (refusal) {
    if (refusal.code !== "ended") throw refusal;
    showRefusal(refusal, id, () => attempt(work));
  }
}

async function copyAnswer(button) {
  const text = button.closest(".answer").querySelector("[data-prose]")?.innerText ?? "";
  const isDone = await attempt(() => navigator.clipboard.writeText(text));
  if (isDone) toast(say("answer_copied"));
}

/** Do `work`; show a refusal as a toast, which offers to reopen a chat that has ended. True when it was done. */
async function attempt(work) {
  const id = opened();
  try {
    await work();
    return true;
  } catch (error) {
    showRefusal(error, id, () => attempt(work));
    return false;
  }
}

async function fetchHead() {
  isBehind = false;
  const frame = pane.querySelector("[data-thread]");
  if (!frame) return;
  const { content } = await fragment(frame.dataset.head);
  if (!frame.isConnected) return;
  for (const name of ["chat-state", "chat-head"]) swap(frame, content, name);
}

/** Put a fresh part in the place of the old one, unless the menu in it is open. */
function swap(frame, content, name) {
  const [old, fresh] = [frame, content].map((place) => place.querySelector(`[data-swap="${name}"]`));
  if (!fresh || old.isEqualNode(fresh)) return;
  const isHeld = Boolean(old.querySelector(".menu:not([hidden])"));
  isBehind ||= isHeld;
  if (isHeld) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  const place = focused?.getAttribute("aria-controls");
  if (place) fresh.querySelector(`[aria-controls="${place}"]`).focus();
  else if (focused) thread?.composer.focus();
  const title = fresh.querySelector(".chat-title")?.textContent;
  if (title) document.title = `${title} · Parley`;
}

/** While the assistant writes, Send makes room for Stop. */
function showWriting(name) {
  const frame = pane.querySelector("[data-thread]");
  if (!frame) return;
  frame.querySelector("[data-run-status]").hidden = !name;
  frame.querySelector("[data-stop]").hidden = !name;
  if (!name) list.refresh();
}

function idOf(path) {
  return path.match(/\/chats\/([0-9a-f-]{36})\//)?.[1] ?? null;
}
