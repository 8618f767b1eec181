/** The page's one socket, and what a person sees of its state. */
import { Live } from "./live.js";
import { say, count } from "./words.js";

const SHOW_LOSS_AFTER = 3_000;
const SHOW_RETURN_FOR = 4_000;

const scheme = location.protocol === "https:" ? "wss" : "ws";
export const live = new Live({ url: `${scheme}://${location.host}/ws/v1/` });

const banner = document.querySelector("[data-connection]");
const parts = Object.fromEntries(
  [...(banner?.querySelectorAll("[data-part]") ?? [])].map((part) => [part.dataset.part, part]),
);
let lossTimer;
let returnTimer;
let wasLost = false;
let waiting = 0;
let missed = 0;

/** How many of one's own messages wait for the connection. */
export function setWaiting(number) {
  waiting = number;
  if (wasLost) tellLoss();
}

/** Count something that happened while the connection was lost; shown on return. */
export function noteMissed() {
  if (!returnTimer) return;
  missed += 1;
  parts.text.textContent = count("back_missed", missed);
}

live.addEventListener("state", ({ detail }) => {
  mark(detail.state);
  if (detail.state === "live") tellReturn();
  else if (detail.state === "refused") tellEnd();
  else lossTimer ??= setTimeout(tellLoss, SHOW_LOSS_AFTER);
});
parts.again?.addEventListener("click", () => live.retry());
setInterval(() => wasLost && tellCountdown(), 1_000);

function mark(state) {
  for (const dot of document.querySelectorAll("[data-live]")) {
    dot.classList.toggle("live--lost", state !== "live");
    const text = say(state === "live" ? "live" : "connecting");
    if (dot.textContent !== text) dot.textContent = text;
  }
}

function tellLoss() {
  wasLost = true;
  display("offline", say("offline_title"), say("offline_text"));
  parts.waiting.textContent = waiting ? count("offline_waiting", waiting) : "";
  tellCountdown();
}

function tellCountdown() {
  if (live.state !== "lost" && live.state !== "connecting") return;
  const seconds = Math.ceil(((live.retryAt ?? 0) - Date.now()) / 1_000);
  parts.countdown.textContent = seconds > 0 ? say("offline_again", { seconds }) : say("offline_trying");
}

function tellReturn() {
  clearTimeout(lossTimer);
  lossTimer = undefined;
  if (!wasLost) return;
  wasLost = false;
  missed = 0;
  display("back", say("back_title"), say("back_text"));
  clearTimeout(returnTimer);
  returnTimer = setTimeout(() => {
    returnTimer = undefined;
    if (!wasLost) banner.hidden = true;
  }, SHOW_RETURN_FOR);
}

function tellEnd() {
  clearTimeout(lossTimer);
  display("error", say("session_title"), say("session_text"));
  parts.sign.hidden = false;
}

function display(kind, title, text) {
  banner.className = `app__banner banner banner--${kind}`;
  banner.hidden = false;
  parts.title.textContent = title;
  parts.text.textContent = text;
  parts.waiting.textContent = "";
  parts.countdown.textContent = "";
  parts.icon.hidden = kind === "back";
  parts.again.hidden = kind !== "offline";
  parts.sign.hidden = true;
}
