/** Keeps ages ("6 min") and waiting times ("4:12") true without touching anything else. */
import { clock } from "./format.js";
import { say } from "./words.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SHORT = 2 * HOUR;
const COUNTED_DOWN = 10 * MINUTE;

setInterval(() => each("time[data-wait]", wait), 1_000);
setInterval(() => each("time[data-age]", age), 15_000);
setInterval(() => each("time[data-window]", left), 5_000);
setInterval(() => each("time[data-left]", remaining), 1_000);

/** Bring every age and waiting time under `root` up to date. */
export function refresh(root = document) {
  for (const time of root.querySelectorAll("time[data-wait]")) wait(time);
  for (const time of root.querySelectorAll("time[data-age]")) age(time);
  for (const time of root.querySelectorAll("time[data-window]")) left(time);
  for (const time of root.querySelectorAll("time[data-left]")) remaining(time);
}

function each(selector, update) {
  if (document.visibilityState === "hidden") return;
  for (const time of document.querySelectorAll(selector)) update(time);
}

function wait(time) {
  write(time, clock(Date.now() - Date.parse(time.dateTime)));
}

function age(time) {
  const passed = Date.now() - Date.parse(time.dateTime);
  if (passed < MINUTE) write(time, say("now"));
  else if (passed < HOUR) write(time, say("minutes", { count: Math.floor(passed / MINUTE) }));
  else if (passed < 24 * HOUR) write(time, say("hours", { count: Math.floor(passed / HOUR) }));
}

/** What is left of a window; the page gets one event when it closes. */
function left(time) {
  const rest = Date.parse(time.dateTime) - Date.now();
  const tail = "short" in time.dataset ? "" : "_left";
  time.parentElement.classList.toggle("badge--orange", rest > 0 && rest < SHORT);
  if (rest > SHORT) write(time, say(`hours${tail}`, { count: Math.floor(rest / HOUR) }));
  else if (rest > 0) write(time, say(`minutes${tail}`, { count: Math.floor(rest / MINUTE) }));
  else if (write(time, say("window_closed"))) time.dispatchEvent(new Event("windowclosed", { bubbles: true }));
}

/** What is left of a wait: second by second at its end. */
function remaining(time) {
  const rest = Date.parse(time.dateTime) - Date.now();
  time.classList.toggle("left--soon", rest < MINUTE);
  if (rest <= 0) write(time, say("time_is_up"));
  else if (rest < COUNTED_DOWN) write(time, say("time_left", { time: clock(rest) }));
  else if (rest < SHORT) write(time, say("minutes_left", { count: Math.floor(rest / MINUTE) }));
  else write(time, say("hours_left", { count: Math.floor(rest / HOUR) }));
}

function write(time, text) {
  const isNew = time.textContent !== text;
  if (isNew) time.textContent = text;
  return isNew;
}
