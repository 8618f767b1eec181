/** What every staff page does: theme, navigation, connection, shortcuts' overview. */
import { live } from "./connection.js";
import { show } from "./dialog.js";
import { fragment } from "./http.js";
import { bind } from "./keys.js";
import "./menu.js";
import { resizers } from "./resizer.js";
import { refresh } from "./time.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const root = document.documentElement;
const REFRESH_NAVIGATION_AFTER = 600;
const controls = new Map();
let timer;

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
  onEvent: ({ type, data }) => type === "conversation.summary" && isForNavigation(data) && refreshNavigation(),
  onFollowing: (_, isAgain) => isAgain && refreshNavigation(),
});
for (const name of ["parley:chat-deleted", "parley:chat-read"]) document.addEventListener(name, refreshNavigation);
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

/** Only a chat of one's own, or somebody who begins or stops waiting, changes the navigation. */
function isForNavigation(row) {
  const before = controls.get(row.id);
  controls.set(row.id, row.control);
  const isOwn = row.author && String(row.author.id) === root.dataset.user;
  return isOwn || (before !== row.control && [before, row.control].includes("requested"))
    || (before === undefined && row.control === "agent");
}

function refreshNavigation() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const place = document.querySelector("[data-navigation]");
    try {
      const { content } = await fragment(`${place.dataset.navigation}?path=${encodeURIComponent(location.pathname)}`);
      for (const part of content.querySelectorAll("[data-swap]")) {
        document.querySelector(`[data-swap="${part.dataset.swap}"]`)?.replaceWith(part);
      }
    } catch {
      // The next change tries again; the navigation keeps what it shows.
    }
  }, REFRESH_NAVIGATION_AFTER);
}
