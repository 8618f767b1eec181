/** The bell: the unread count, the newest notifications in a menu, and alerts for new ones. */
import { live } from "../ui/connection.js";
import { api, fragment } from "../ui/http.js";
import { alerts, announce, chime, setDesktop, setSound } from "./alerts.js";
import { Refresher } from "../ui/refresher.js";
import { say } from "../ui/words.js";
import { toast } from "../ui/toast.js";

const READ = "/api/v1/notifications/";
const bell = document.querySelector("[data-bell]");
const button = bell?.querySelector("button");
const items = bell?.querySelector("[data-bell-items]");
const list = new Refresher(fetchItems);

if (bell) start();

function start() {
  live.follow(`user:${document.documentElement.dataset.user}`, {
    on: { notification: receive, "notifications.read": ({ unread_count }) => update(unread_count) },
    onReset: () => list.ask(),
  });
  new MutationObserver(() => isOpen() && list.ask()).observe(button, { attributeFilter: ["aria-expanded"] });
  bell.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(ACTS)) if (event.target.closest(selector)) act();
  });
  document.addEventListener("visibilitychange", readHere);
  readHere();
  showSwitches();
}

const ACTS = {
  "[data-bell-read]": () => api("POST", `${READ}read`, {}).catch(refuse),
  "[data-bell-sound]": () => {
    setSound(!alerts.sound);
    if (alerts.sound) chime();
    showSwitches();
  },
  "[data-bell-desktop]": () => setDesktop(!alerts.desktop).then(showSwitches),
};

/** Mark as read what is on screen; announce the rest, here or by the browser. */
function receive(data) {
  update(data.unread_count);
  if (data.url === location.pathname && !document.hidden) {
    api("POST", `${READ}${data.id}/read`).catch(() => {});
    return;
  }
  announce(data);
  if (document.hidden) return;
  toast(sentence(data), { act: say("open"), onAct: () => location.assign(data.url || "/"), isNews: true });
}

function sentence({ title, text }) {
  const plain = text.replace(/[*_`#]+/g, "");
  return plain ? `${title}: ${plain.length > 80 ? `${plain.slice(0, 79)}…` : plain}` : title;
}

function update(number) {
  showCount(number);
  if (isOpen()) list.ask();
}

function showCount(number) {
  const place = bell.querySelector("[data-bell-count]");
  place.textContent = number > 99 ? "99+" : number;
  place.hidden = !number;
}

async function fetchItems() {
  const { content, headers } = await fragment(bell.dataset.bell);
  const focused = document.activeElement?.dataset.notification;
  items.replaceChildren(content);
  if (focused) items.querySelector(`[data-notification="${focused}"]`)?.focus();
  showCount(Number(headers.get("X-Unread")));
}

/** Mark notifications about the opened page as read. */
async function readHere() {
  if (document.hidden || bell.querySelector("[data-bell-count]").hidden) return;
  const { results } = await api("GET", `${READ}?unread=1&limit=100`).catch(() => ({ results: [] }));
  const ids = results.filter(({ url }) => url === location.pathname).map(({ id }) => id);
  if (ids.length) api("POST", `${READ}read`, { ids }).catch(() => {});
}

function showSwitches() {
  show("[data-bell-sound]", alerts.sound, alerts.sound ? say("on") : say("off"));
  const word = alerts.isDesktopRefused ? say("refused_by_browser") : alerts.desktop ? say("on") : say("off");
  show("[data-bell-desktop]", alerts.desktop, word);
}

function show(selector, isOn, word) {
  const item = bell.querySelector(selector);
  item.setAttribute("aria-checked", String(isOn));
  item.querySelector("[data-state]").textContent = word;
}

function isOpen() {
  return button.getAttribute("aria-expanded") === "true";
}

function refuse(error) {
  toast(error.detail || say("not_saved"), { isError: true });
}
