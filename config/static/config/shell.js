/** The frame of every staff page: theme, navigation, connection, shortcuts' overview. */
import { live } from "../ui/connection.js";
import { show } from "../ui/dialog.js";
import "../ui/drops.js";
import { fragment } from "../ui/http.js";
import { bind } from "../ui/keys.js";
import "../ui/lightbox.js";
import "../ui/menu.js";
import { readingId } from "../ui/reading.js";
import { Refresher } from "../ui/refresher.js";
import { resizers } from "../ui/resizer.js";
import { refresh } from "../ui/time.js";
import { say } from "../ui/words.js";
import { toast } from "../ui/toast.js";

const root = document.documentElement;
const REFRESH_NAVIGATION_AFTER = 600;
const REMEMBERED = 500;
const waits = new Map(); // per row, whether its customer waited
const navigation = new Refresher(fetchNavigation, { after: REFRESH_NAVIGATION_AFTER });

resizers();
refresh();
bind("?", () => show("keys"));
bind("/", () => {
  const field = document.querySelector(".search__input");
  field?.focus();
  return Boolean(field);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) toggleTheme();
  if (event.target.closest("[data-keys]")) show("keys");
  const copy = event.target.closest("[data-copy]");
  if (copy) copyText(copy);
});

live.follow("inbox", {
  on: { "conversation.summary": (data) => isForNavigation(data) && navigation.ask() },
  onFollowing: (_, isAgain) => isAgain && navigation.ask(),
});
for (const name of ["parley:chat-deleted", "parley:chat-read", "parley:asked"]) document.addEventListener(name, () => navigation.ask());
live.viewing(null); // a page that shows a conversation says so itself
live.open();

function toggleTheme() {
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  localStorage.setItem("parley:theme", root.dataset.theme);
}

async function copyText(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(say("copied", { text: button.dataset.copy }));
  } catch {
    toast(say("copy_failed"), { isError: true });
  }
}

/**
 * Only a chat of one's own, or a conversation that begins or stops waiting, changes the navigation;
 * an unknown one may have waited when the page was made.
 */
function isForNavigation(row) {
  const before = waits.get(row.id);
  const isOwn = row.author && String(row.author.id) === root.dataset.user;
  return remember(row) !== before || isOwn;
}

/** Note whether a row waits and return it, for the rows received last; a forgotten one is unknown. */
function remember(row) {
  const isWaiting = waitsForPerson(row);
  waits.delete(row.id);
  waits.set(row.id, isWaiting);
  if (waits.size > REMEMBERED) waits.delete(waits.keys().next().value);
  return isWaiting;
}

/** Whether a customer waits for a person: chats have none, and a colleague may have joined unasked. */
function waitsForPerson({ lifecycle, control, requested_by: requester, contact }) {
  return lifecycle === "active" && control === "requested" && requester !== "staff" && contact !== null;
}

async function fetchNavigation() {
  const place = document.querySelector("[data-navigation]");
  const query = new URLSearchParams({ path: location.pathname, reading: readingId() });
  const { content } = await fragment(`${place.dataset.navigation}?${query}`);
  for (const part of content.querySelectorAll("[data-swap]")) {
    const shown = document.querySelector(`[data-swap="${part.dataset.swap}"]`);
    if (shown && !shown.isEqualNode(part)) swap(shown, part);
  }
}

/** Put `part` in the place of `shown`; a link that had the focus has it again. */
function swap(shown, part) {
  const focused = shown.contains(document.activeElement) ? document.activeElement.closest("[href]") : null;
  shown.replaceWith(part);
  if (focused) part.querySelector(`[href="${CSS.escape(focused.getAttribute("href"))}"]`)?.focus();
}
